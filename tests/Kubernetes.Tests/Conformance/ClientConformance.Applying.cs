using System.Text.Json;
using Shouldly;
using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Tests.Kinds;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <content>About server-side apply and who owns which field.</content>
public abstract partial class ClientConformance
{
    [Fact]
    public async Task An_apply_creates_changes_and_prunes()
    {
        (await Client.ApplyAsync(Map("a", ("one", "1"), ("two", "2")), None)).Data!.Count.ShouldBe(2);

        var next = await Client.ApplyAsync(Map("a", ("two", "changed")), None);

        next.Data!.ShouldBe(new Dictionary<string, string> { ["two"] = "changed" }, ignoreOrder: true);
    }

    [Fact]
    public async Task An_apply_of_the_same_changes_nothing()
    {
        var first = await Client.ApplyAsync(Map("a", ("k", "v")), None);
        var second = await Client.ApplyAsync(Map("a", ("k", "v")), None);

        second.Metadata.ResourceVersion.ShouldBe(first.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task An_apply_leaves_what_others_added_and_takes_over_what_it_says()
    {
        await Client.ApplyAsync(Map("a", ("mine", "1")), None);
        await Client.PatchAsync<V1ConfigMap>(Key("a"), new JsonPatch().Add("/data/theirs", "2").Replace("/data/mine", "changed"), None);

        var next = await Client.ApplyAsync(Map("a", ("mine", "1")), None);

        next.Data!.ShouldBe(new Dictionary<string, string> { ["mine"] = "1", ["theirs"] = "2" }, ignoreOrder: true);
    }

    [Fact]
    public async Task An_apply_at_a_stale_version_is_a_conflict()
    {
        var read = await Client.ApplyAsync(Map("a", ("k", "v")), None);
        await Client.PatchAsync<V1ConfigMap>(Key("a"), new JsonPatch().Add("/data/other", "x"), None);

        (await FailsAsync(() => Client.ApplyAsync(read, None))).IsConflict.ShouldBeTrue();
        (await FailsAsync(() => Client.ApplyAsync(AtVersion(Map("a", ("k", "w")), read), None))).IsConflict.ShouldBeTrue();
    }

    [Fact]
    public async Task An_apply_at_a_version_never_creates()
    {
        var read = await Client.ApplyAsync(Map("a", ("k", "v")), None);
        await Client.DeleteAsync<V1ConfigMap>(Key("a"), new DeleteOptions(), None);

        (await FailsAsync(() => Client.ApplyAsync(read, None))).IsConflict.ShouldBeTrue();
        (await FailsAsync(() => Client.ApplyAsync(AtVersion(Map("a"), read), None))).IsConflict.ShouldBeTrue();
        (await Client.GetAsync<V1ConfigMap>(Key("a"), None)).ShouldBeNull();
    }

    [Fact]
    public async Task An_apply_at_the_current_version_succeeds()
    {
        var read = await Client.ApplyAsync(Map("a", ("k", "v")), None);

        (await Client.ApplyAsync(read with { Data = Data(("k", "w")) }, None)).Data!["k"].ShouldBe("w");
        var again = (await Client.GetAsync<V1ConfigMap>(Key("a"), None))!;
        (await Client.ApplyAsync(AtVersion(Map("a", ("k", "x")), again), None)).Data!["k"].ShouldBe("x");
    }

    [Fact]
    public async Task What_was_created_for_apply_is_pruned_by_the_first_apply()
    {
        var created = await Client.CreateForApplyAsync(Map("a", ("one", "1"), ("two", "2")), None);
        created.Data!.Count.ShouldBe(2);

        var next = await Client.ApplyAsync(AtVersion(Map("a", ("two", "2")), created), None);

        next.Data!.Keys.ShouldBe(["two"]);
    }

    [Fact]
    public async Task Creating_for_apply_proves_that_there_was_nothing()
    {
        await Client.CreateForApplyAsync(Map("a"), None);

        (await FailsAsync(() => Client.CreateForApplyAsync(Map("a"), None))).IsAlreadyExists.ShouldBeTrue();
    }

    [Fact]
    public async Task What_the_server_filled_in_at_the_creation_is_not_ours_to_take_back()
    {
        var template = JsonDocument.Parse(
            """{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"app","image":"web:1"}]}}""").RootElement;
        var workload = new V1Deployment
        {
            Metadata = Meta("web"),
            Spec = new V1DeploymentSpec { Selector = new V1LabelSelector { MatchLabels = Data(("app", "web")) }, Template = template },
        };
        await Client.CreateForApplyAsync(workload, None);
        await Client.PatchAsync<V1Deployment>(Key("web"), new JsonPatch().Add("/spec/replicas", 5), None);

        // Without a version: the workload's controller writes its status all the while.
        var next = await Client.ApplyAsync(
            workload with { Metadata = workload.Metadata with { Annotations = Data(("changed", "yes")) } }, None);

        next.Spec!.Replicas.ShouldBe(5);
    }

    [Fact]
    public async Task An_apply_makes_up_for_a_create_that_was_interrupted()
    {
        var created = await Client.CreateAsync(Map("a", ("one", "1"), ("two", "2")), None);

        var next = await Client.ApplyAsync(AtVersion(Map("a", ("two", "2")), created), None);

        next.Data!.Keys.ShouldBe(["two"]);
    }

    [Fact]
    public async Task Adopting_twice_changes_nothing_the_second_time()
    {
        await Client.CreateAsync(Map("a", ("k", "v")), None);
        var first = await Client.AdoptManagedFieldsAsync<V1ConfigMap>(Key("a"), None);
        var second = await Client.AdoptManagedFieldsAsync<V1ConfigMap>(Key("a"), None);

        second.Metadata.ResourceVersion.ShouldBe(first.Metadata.ResourceVersion);
        (await Client.ApplyAsync(Map("a"), None)).Data.ShouldBeNull();
    }
}
