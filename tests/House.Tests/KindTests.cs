using System.Reflection;
using Shouldly;
using Slipway.Crds;
using Slipway.Crds.Meta.Schema;
using Slipway.Manifests;
using Slipway.Operator;
using Slipway.Testing;
using Xunit;

namespace Slipway.House.Tests;

/// <summary>What every kind has.</summary>
public sealed class KindTests
{
    public static TheoryData<string> Kinds() => new(Kind.All.Select(kind => kind.Resource.FullName));

    [Fact]
    public void Every_kind_of_the_types_is_generated() =>
        Kind.All.Select(kind => kind.Json.Type).ShouldBe(
            typeof(WellKnown).Assembly.GetTypes().Where(type => type.IsDefined(typeof(CustomResourceAttribute))), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_columns_that_show_readiness_and_age(string name)
    {
        var columns = Named(name).Json.Type.GetCustomAttributes<PrinterColumnAttribute>().ToList();

        columns.Select(column => column.Name).ShouldBeUnique();
        columns.Select(column => column.Name).ShouldContain("Ready");
        columns.Select(column => column.Name).ShouldContain("Age");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_operator_may_watch_every_kind_and_write_its_status(string name)
    {
        var kind = Named(name).Resource;

        foreach (var verb in (string[])["get", "list", "watch", "patch"])
        {
            IsAllowed(Rbac.Operator, kind.Group, kind.Plural, verb).ShouldBeTrue(verb);
        }

        IsAllowed(Rbac.Operator, kind.Group, $"{kind.Plural}/status", "patch").ShouldBeTrue();
        IsAllowed(Rbac.Releaser, kind.Group, kind.Plural, "watch").ShouldBeTrue();
    }

    /// <summary>The values of variables are in the spec of an EnvPatch: whoever may not read Secrets is not to read them there.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Whoever_may_look_may_watch_every_kind_but_those_with_values(string name)
    {
        var kind = Named(name).Resource;

        foreach (var verb in (string[])["get", "list", "watch"])
        {
            IsAllowed(Rbac.Viewer, kind.Group, kind.Plural, verb).ShouldBe(kind.Plural != "envpatches", verb);
        }

        IsAllowed(Rbac.Viewer, "", "secrets", "get").ShouldBeFalse();
    }

    [Fact]
    public void Whoever_may_release_may_change_variables() =>
        new[] { "create", "patch", "delete" }.ShouldAllBe(verb => IsAllowed(Rbac.Releaser, WellKnown.Group, "envpatches", verb));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_sample(string name)
    {
        var kind = Named(name);
        var document = Yaml.Read(Checkout.Read($"config/samples/{Singular(kind)}.yaml"));

        SchemaCheck.KindOf(document).ShouldBe(kind);
        SchemaCheck.Errors(document).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_page_of_the_usual_shape(string name)
    {
        var page = Checkout.Read($"docs/spec/{Singular(Named(name))}.md").Split('\n');

        page.Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .ShouldBe(["## Example", "## Writing the spec", "## Working with it", "## Status"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_page_tells_of_every_field_of_spec_and_status(string name)
    {
        var kind = Named(name);
        var page = Checkout.Read($"docs/spec/{Singular(kind)}.md");
        var properties = Manifests.Schema.StructuralSchema.Of(kind)["properties"]!;

        foreach (var field in (string[])["spec", "status"])
        {
            var missing = properties[field]!["properties"]!.AsObject().Select(property => property.Key)
                .Where(property => !page.Contains($"`{property}`", StringComparison.Ordinal)
                    && !page.Contains($"`{field}.{property}`", StringComparison.Ordinal)
                    && !page.Contains($"`{field}.{property}.", StringComparison.Ordinal));
            missing.ShouldBeEmpty($"docs/spec/{Singular(kind)}.md does not mention these of {field}");
        }
    }

    [Fact]
    public void No_permission_is_a_wildcard_and_every_one_has_a_reason()
    {
        IReadOnlyList<PolicyRule>[] tables =
            [Rbac.Operator, Rbac.OperatorAtHome, Rbac.OperatorAtHomeRestricted, Rbac.OperatorClusterEvents, Rbac.Viewer, Rbac.Releaser, Rbac.Admin];
        foreach (var rule in tables.SelectMany(table => table))
        {
            rule.Groups.Concat(rule.Resources).Concat(rule.Verbs).ShouldNotContain("*");
            rule.Why.ShouldEndWith(".");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Whoever_answers_for_a_kind_may_do_everything_with_it_but_write_its_status(string name)
    {
        var kind = Named(name).Resource;

        foreach (var verb in (string[])["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"])
        {
            IsAllowed(Rbac.Admin, kind.Group, kind.Plural, verb).ShouldBeTrue(verb);
            IsAllowed(Rbac.Admin, kind.Group, $"{kind.Plural}/status", verb).ShouldBeFalse(verb);
        }
    }

    [Fact]
    public void A_restricted_operator_may_do_the_same_in_its_namespaces_and_cluster_wide_only_what_is_in_none()
    {
        Permissions(Rbac.OperatorClusterWide).Concat(Permissions(Rbac.OperatorInNamespace)).ShouldBe(Permissions(Rbac.Operator), ignoreOrder: true);
        Rbac.OperatorClusterWide.SelectMany(rule => rule.Resources).Distinct().ShouldBe(["teams", "teams/status", "namespaces"]);
        foreach (var kind in Kind.All)
        {
            IsAllowed(Rbac.OperatorClusterWide, kind.Resource.Group, kind.Resource.Plural, "watch").ShouldBe(!kind.Resource.Namespaced);
            IsAllowed(Rbac.OperatorInNamespace, kind.Resource.Group, kind.Resource.Plural, "watch").ShouldBe(kind.Resource.Namespaced);
        }
    }

    [Fact]
    public void The_operator_cannot_write_what_people_apply()
    {
        foreach (var verb in (string[])["create", "update", "delete", "deletecollection"])
        {
            // A stack's own source makes Deployments, and its historyLimit removes those again.
            Kind.All.Where(kind => kind.Resource.Plural != "deployments" || verb is not ("create" or "delete"))
                .ShouldAllBe(kind => !IsAllowed(Rbac.Operator, kind.Resource.Group, kind.Resource.Plural, verb));
        }

        IsAllowed(Rbac.Operator, "", "secrets", "list").ShouldBeFalse();
        IsAllowed(Rbac.Operator, "", "secrets", "watch").ShouldBeFalse();
    }

    private static Kind Named(string name) => Kind.All.Single(kind => kind.Resource.FullName == name);

    private static string Singular(Kind kind) => kind.Json.Type.GetCustomAttribute<CustomResourceAttribute>()!.Singular;

    private static IEnumerable<string> Permissions(IEnumerable<PolicyRule> rules) =>
        from rule in rules
        from @group in rule.Groups
        from resource in rule.Resources
        from verb in rule.Verbs
        select $"{verb} {resource}.{@group} {string.Join(' ', rule.Names)}";

    private static bool IsAllowed(IEnumerable<PolicyRule> rules, string group, string resource, string verb) =>
        rules.Any(rule => rule.Groups.Contains(group) && rule.Resources.Contains(resource) && rule.Verbs.Contains(verb));
}
