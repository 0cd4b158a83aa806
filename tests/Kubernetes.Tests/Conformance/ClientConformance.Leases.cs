using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <content>About leases, on which mutual exclusion rests, and about replacements in general.</content>
public abstract partial class ClientConformance
{
    private string Leases => $"/apis/coordination.k8s.io/v1/namespaces/{Namespace}/leases";

    [Fact]
    public async Task Of_two_who_create_a_lease_one_is_refused()
    {
        await Wire.CreateAsync(Leases, Lease("one"));

        (await RefusedAsync(() => Wire.CreateAsync(Leases, Lease("other")))).ShouldBe(HttpStatusCode.Conflict);
        (await HolderAsync()).ShouldBe("one");
    }

    [Fact]
    public async Task A_lease_is_replaced_at_its_version_and_no_other()
    {
        var created = await Wire.CreateAsync(Leases, Lease("one"));

        var second = await Wire.ReplaceAsync($"{Leases}/l", Lease("two", At(created)));

        At(second).ShouldNotBe(At(created));
        (await RefusedAsync(() => Wire.ReplaceAsync($"{Leases}/l", Lease("three", At(created))))).ShouldBe(HttpStatusCode.Conflict);
        (await HolderAsync()).ShouldBe("two");
    }

    [Fact]
    public async Task A_lease_is_not_replaced_blindly()
    {
        await Wire.CreateAsync(Leases, Lease("one"));

        (await RefusedAsync(() => Wire.ReplaceAsync($"{Leases}/l", Lease("two")))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await HolderAsync()).ShouldBe("one");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replacement_creates_a_lease_that_is_gone_also_at_its_old_version(bool atVersion)
    {
        var created = await Wire.CreateAsync(Leases, Lease("one"));
        await Wire.DeleteAsync($"{Leases}/l");

        await Wire.ReplaceAsync($"{Leases}/l", Lease("two", atVersion ? At(created) : null));

        (await HolderAsync()).ShouldBe("two");
    }

    [Fact]
    public async Task A_replacement_that_names_the_uid_creates_no_lease()
    {
        var created = await Wire.CreateAsync(Leases, Lease("one"));
        await Wire.DeleteAsync($"{Leases}/l");
        var same = Lease("two", At(created), created.Text("metadata.uid"));

        (await RefusedAsync(() => Wire.ReplaceAsync($"{Leases}/l", same))).ShouldBe(HttpStatusCode.Conflict);
        (await Wire.GetAsync($"{Leases}/l")).ShouldBeNull();
    }

    [Fact]
    public async Task A_lease_is_deleted_only_if_it_is_the_one_that_was_meant()
    {
        var created = await Wire.CreateAsync(Leases, Lease("one"));
        var second = await Wire.ReplaceAsync($"{Leases}/l", Lease("two", At(created)));

        (await RefusedAsync(() => Wire.DeleteAsync($"{Leases}/l", If("resourceVersion", At(created))))).ShouldBe(HttpStatusCode.Conflict);
        (await RefusedAsync(() => Wire.DeleteAsync($"{Leases}/l", If("uid", "another")))).ShouldBe(HttpStatusCode.Conflict);
        await Wire.DeleteAsync($"{Leases}/l", If("resourceVersion", At(second)));
        (await Wire.GetAsync($"{Leases}/l")).ShouldBeNull();
    }

    [Fact]
    public async Task Neither_config_maps_nor_custom_resources_are_created_by_a_replacement()
    {
        (await RefusedAsync(() => Wire.ReplaceAsync($"{Maps}/a", MapBody("v")))).ShouldBe(HttpStatusCode.NotFound);
        (await RefusedAsync(() => Wire.ReplaceAsync($"{Widgets}/w", WidgetBody(1)))).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_config_map_can_be_replaced_blindly_and_a_custom_resource_cannot()
    {
        await Wire.CreateAsync(Maps, MapBody("one"));
        await Wire.CreateAsync(Widgets, WidgetBody(1));

        (await Wire.ReplaceAsync($"{Maps}/a", MapBody("two"))).Text("data.k").ShouldBe("two");
        (await RefusedAsync(() => Wire.ReplaceAsync($"{Widgets}/w", WidgetBody(2)))).ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private string Maps => $"/api/v1/namespaces/{Namespace}/configmaps";

    private string Widgets => $"/apis/tests.slipway.dev/v1/namespaces/{Namespace}/widgets";

    private static string? At(JsonNode read) => read.Text("metadata.resourceVersion");

    private static JsonObject If(string precondition, string? value) =>
        new() { ["preconditions"] = new JsonObject { [precondition] = value } };

    private static JsonObject Lease(string holder, string? version = null, string? uid = null) => new()
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["metadata"] = new JsonObject { ["name"] = "l", ["resourceVersion"] = version, ["uid"] = uid },
        ["spec"] = new JsonObject { ["holderIdentity"] = holder, ["leaseDurationSeconds"] = 15 },
    };

    private static JsonObject MapBody(string value) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = "a" },
        ["data"] = new JsonObject { ["k"] = value },
    };

    private static JsonObject WidgetBody(int size) => new()
    {
        ["apiVersion"] = "tests.slipway.dev/v1",
        ["kind"] = "Widget",
        ["metadata"] = new JsonObject { ["name"] = "w" },
        ["spec"] = new JsonObject { ["size"] = size },
    };

    private async Task<string?> HolderAsync() => (await Wire.GetAsync($"{Leases}/l")).Text("spec.holderIdentity");

    private static async Task<HttpStatusCode> RefusedAsync(Func<Task> action) => (await Should.ThrowAsync<ApiServerException>(action)).Code;
}
