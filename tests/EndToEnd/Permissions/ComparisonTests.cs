using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Operator;
using Xunit;

namespace Slipway.EndToEnd.Permissions;

/// <summary>The comparison notices what it is for.</summary>
public sealed class ComparisonTests
{
    private static readonly IReadOnlyList<Permission> Granted =
    [
        .. Permission.Of([new PolicyRule("", ["apps", ""], ["deployments", "pods/log"], ["get", "patch"])]),
        .. Permission.Of([new PolicyRule("", ["coordination.k8s.io"], ["leases"], ["get"]) { Names = ["one", "two"] }], "home"),
    ];

    [Fact]
    public void A_rule_is_as_many_permissions_as_it_has_groups_resources_verbs_and_names()
    {
        Granted.Count.ShouldBe(10);
        Granted.Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public void What_nobody_asks_for_is_unused()
    {
        var comparison = new Comparison(Granted, [.. Granted.Skip(1).Select(Typical)]);

        comparison.Unused.ShouldBe([Granted[0]]);
        comparison.NotGranted.ShouldBeEmpty();
        comparison.Refused.ShouldBeEmpty();
    }

    [Fact]
    public void A_request_that_was_refused_uses_nothing()
    {
        var comparison = new Comparison(Granted, [.. Granted.Select(permission => Typical(permission) with { IsAllowed = false })]);

        comparison.Unused.ShouldBe(Granted);
        comparison.Refused.Count().ShouldBe(10);
    }

    [Theory]
    [InlineData("apps", "deployments", "get", "any", "any", true)]
    [InlineData("apps", "deployments", "get", "", "", true)]
    [InlineData("apps", "deployments", "list", "any", "", false)]
    [InlineData("apps", "deployments/status", "get", "any", "any", false)]
    [InlineData("batch", "deployments", "get", "any", "any", false)]
    [InlineData("", "pods", "get", "any", "any", false)]
    [InlineData("", "pods/log", "get", "any", "any", true)]
    [InlineData("coordination.k8s.io", "leases", "get", "home", "two", true)]
    [InlineData("coordination.k8s.io", "leases", "get", "home", "three", false)]
    [InlineData("coordination.k8s.io", "leases", "get", "home", "", false)]
    [InlineData("coordination.k8s.io", "leases", "get", "abroad", "two", false)]
    public void What_is_outside_of_the_permissions_is_told(string @group, string resource, string verb, string @namespace, string name, bool granted)
    {
        var request = new Request(@group, resource, verb, @namespace, name);

        new Comparison(Granted, [request]).NotGranted.ShouldBe(granted ? [] : [request]);
    }

    [Fact]
    public void A_permission_that_is_taken_away_is_missed()
    {
        var comparison = new Comparison(Granted, [.. Granted.Select(Typical)]);

        foreach (var permission in Granted)
        {
            comparison.Without(permission).NotGranted.ShouldBe([Typical(permission)]);
        }
    }

    [Theory]
    [InlineData("create", 201, new[] { "create " })]
    [InlineData("create", 409, new[] { "create " })]
    [InlineData("patch", 200, new[] { "patch web" })]
    [InlineData("patch", 201, new[] { "patch web", "create " })]
    [InlineData("get", 404, new[] { "get web" })]
    public void An_entry_of_the_log_is_what_it_takes(string verb, int code, string[] expected) =>
        Request.Of(Entry(verb, code)).Select(request => $"{request.Verb} {request.Name}").ShouldBe(expected);

    [Fact]
    public void An_entry_names_group_subresource_and_namespace()
    {
        Request.Of(Entry("get", 200)).Single().ShouldBe(new Request("apps", "deployments/scale", "get", "shop", "web"));
        Request.Of(Entry("get", 403, "forbid")).Single().IsAllowed.ShouldBeFalse();
        Request.Of(Entry("create", 403)).Single().IsAllowed.ShouldBeTrue("the namespace was on its way out");
        Request.Of(new JsonObject { ["verb"] = "get", ["requestURI"] = "/version" }).ShouldBeEmpty();
    }

    private static Request Typical(Permission permission) =>
        new(permission.Group, permission.Resource, permission.Verb, permission.Namespace, permission.Name);

    private static JsonNode Entry(string verb, int code, string decision = "allow") => JsonNode.Parse($$"""
        {
          "verb": "{{verb}}",
          "objectRef": {"apiGroup": "apps", "resource": "deployments", "subresource": "scale", "namespace": "shop", "name": "web"},
          "responseStatus": {"code": {{code}}},
          "annotations": {"authorization.k8s.io/decision": "{{decision}}"}
        }
        """)!;
}
