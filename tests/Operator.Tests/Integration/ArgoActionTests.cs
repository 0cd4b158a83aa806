using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>What Argo CD's buttons do, from the object as the server has it to what then runs.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ArgoActionTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Fact]
    public async Task Cancel_ends_a_release_that_is_under_way_and_a_sync_that_takes_it_away_again_changes_nothing()
    {
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.NeverReady);
        await scene.StackAsync();
        var spec = Released(scene.Push("one").ByTag);
        await scene.ReleaseAsync("one", spec.DeepClone().AsObject());
        var seen = await scene.PhaseAsync("one", "Activating");
        (await ArgoLua.OfferedAsync(seen)).ShouldBe(["cancel"]);
        (await ArgoLua.HealthAsync(seen)).Status.ShouldBe("Progressing");

        await PatchAsync(scene, "deployments", "one", await ArgoLua.ActAsync("cancel", seen));
        var cancelled = await scene.PhaseAsync("one", "Cancelled");
        await PatchAsync(scene, "deployments", "one", new JsonObject { ["spec"] = new JsonObject { ["cancel"] = null } });
        var synced = await scene.SeeReleaseAsync("one", "looked at", one => one.Number("status.observedGeneration") == one.Number("metadata.generation"));

        (await ArgoLua.OfferedAsync(cancelled)).ShouldBeEmpty();
        (await ArgoLua.HealthAsync(synced)).Status.ShouldBe("Degraded");
        synced.Text("status.phase").ShouldBe("Cancelled");
    }

    [Fact]
    public async Task Rollback_makes_the_version_run_again_and_shows_it_below_the_stack()
    {
        await using var scene = await world.NewSceneAsync();
        var stack = await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        var two = await scene.PhaseAsync("two", "Active");
        var one = await scene.PhaseAsync("one", "Superseded");
        (await ArgoLua.OfferedAsync(two)).ShouldBeEmpty("it is what runs");
        (await ArgoLua.OfferedAsync(one)).ShouldBe(["rollback"]);

        var operation = (await ArgoLua.ActAsync("rollback", one)).AsArray().ShouldHaveSingleItem()!;
        operation.Text("operation").ShouldBe("create");
        var made = await world.Cluster.Server.CreateAsync(scene.Namespace.Slipways("deployments"), operation["resource"]!.DeepClone());

        var back = await scene.PhaseAsync(made.Text("metadata.name")!, "Active");
        back.Text("status.rollbackOf").ShouldBe(one.Text("status.version"));
        back.Text("metadata.ownerReferences.0.uid").ShouldBe(stack.Text("metadata.uid"));
        (await scene.SeeStackSettledAsync()).Text("status.activeImage").ShouldBe(one.Text("status.imageReference"));
        (await ArgoLua.HealthAsync(await scene.PhaseAsync("two", "RolledBack"))).Status.ShouldBe("Healthy");
    }

    [Fact]
    public async Task Suspend_holds_releases_back_and_resume_lets_them_go()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        var stack = await scene.SeeStackAsync("web", "ready", one => one.ConditionText("Ready") == "True NoRelease");
        (await ArgoLua.HealthAsync(stack)).Status.ShouldBe("Healthy");

        await PatchAsync(scene, "stacks", "web", await ArgoLua.ActAsync("suspend", stack));
        var suspended = await scene.SeeStackAsync("web", "looked at", one => one.Number("status.observedGeneration") == 2);
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        (await ArgoLua.HealthAsync(await scene.WaitsAsync("one", "Suspended"))).Status.ShouldBe("Suspended");
        (await ArgoLua.HealthAsync(suspended)).Status.ShouldBe("Suspended");
        await PatchAsync(scene, "stacks", "web", await ArgoLua.ActAsync("resume", suspended));

        (await ArgoLua.HealthAsync(await scene.PhaseAsync("one", "Active"))).Status.ShouldBe("Healthy");
        (await ArgoLua.HealthAsync(await scene.SeeStackSettledAsync())).Status.ShouldBe("Healthy");
    }

    private static JsonObject Released(string image) => new() { ["stack"] = "web", ["source"] = new JsonObject { ["image"] = image } };

    /// <summary>Argo CD sends what is different; the status is none of its business.</summary>
    private Task<JsonNode> PatchAsync(Scene scene, string plural, string name, JsonNode changed) =>
        world.Cluster.Server.MergeAsync(scene.Namespace.Slipways(plural, name), new JsonObject { ["spec"] = changed["spec"]!.DeepClone() });
}
