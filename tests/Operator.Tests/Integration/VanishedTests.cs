using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>A namespace or a stack that goes while nobody is there to end it: nothing stays, neither in the cluster nor in the ledger.</summary>
[Collection(ClusterCollection.Name)]
public sealed class VanishedTests(VanishedTests.World world) : IClassFixture<VanishedTests.World>, IAsyncLifetime
{
    public Task InitializeAsync() => world.Operator.StartAsync();

    public async Task DisposeAsync()
    {
        await world.Operator.DisposeAsync();
        await world.DatabasePort.StopAsync();
        world.DatabasePort.Start();
    }

    [Fact]
    public async Task A_namespace_that_is_deleted_goes_away_with_everything_in_it()
    {
        var scene = await BusySceneAsync();

        await scene.Namespace.DisposeAsync();

        await SeeGoneAsync(scene);
        await SeeLedgerEndedAsync(scene);
    }

    [Fact]
    public async Task Deleted_while_the_operator_is_down_it_goes_away_when_that_is_back()
    {
        var scene = await BusySceneAsync();
        await world.Operator.KillAsync();

        await scene.Namespace.DisposeAsync();
        await scene.SeeStackAsync("web", "waits for the operator", stack => stack.Text("metadata.deletionTimestamp") is not null);
        await world.Operator.StartAsync();

        await SeeGoneAsync(scene);
        await SeeLedgerEndedAsync(scene);
    }

    [Fact]
    public async Task Forced_away_while_the_operator_is_down_the_ledger_ends_what_was_there()
    {
        var scene = await BusySceneAsync();
        await world.Operator.KillAsync();

        await scene.Namespace.ForceDeleteAsync();
        await SeeGoneAsync(scene);
        (await world.Ledger.StacksAsync(scene.Namespace.Name)).ShouldBe(["web live"]);
        await world.Operator.StartAsync();

        await SeeLedgerEndedAsync(scene);
    }

    [Fact]
    public async Task Deleted_while_the_database_is_down_it_goes_away_and_the_ledger_catches_up()
    {
        var scene = await BusySceneAsync();
        await world.DatabasePort.StopAsync();

        await scene.Namespace.DisposeAsync();
        foreach (var plural in (string[])["deployments", "stacks"])
        {
            await Eventually.See(
                $"no {plural}", () => world.Cluster.Server.ListAsync(scene.Namespace.Slipways(plural)), items => items.Count == 0, () => world.Operator.Log);
        }

        await SeeGoneAsync(scene);
        world.DatabasePort.Start();

        await SeeLedgerEndedAsync(scene);
    }

    [Fact]
    public async Task A_stack_of_another_cluster_is_left_alone()
    {
        await using var here = await BusySceneAsync();
        await using var there = await world.NewSceneAsync();
        await there.StackAsync();
        await there.SeeStackAsync("web", "registered", stack => stack.ConditionText("Ready") == "True NoRelease");
        await world.Operator.KillAsync();
        await world.Ledger.ExecuteAsync($"UPDATE slipway.stacks SET cluster = gen_random_uuid() WHERE namespace = '{there.Namespace.Name}'");

        await here.Namespace.ForceDeleteAsync();
        await there.Namespace.ForceDeleteAsync();
        await SeeGoneAsync(here);
        await SeeGoneAsync(there);
        await world.Operator.StartAsync();

        await SeeLedgerEndedAsync(here);
        (await world.Ledger.StacksAsync(there.Namespace.Name)).ShouldBe(["web live"]);
    }

    /// <summary>A stack with an active release, one in flight and one that waits.</summary>
    private async Task<Scene> BusySceneAsync()
    {
        var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/two", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready);
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Activating");
        await scene.ReleaseAsync("three", scene.Push("three").ByTag);
        await scene.WaitsAsync("three", "DeploymentInProgress");
        return scene;
    }

    private Task SeeGoneAsync(Scene scene) => Eventually.See(
        "namespace gone",
        () => world.Cluster.Server.GetAsync($"/api/v1/namespaces/{scene.Namespace.Name}"), item => item is null, () => world.Operator.Log);

    private async Task SeeLedgerEndedAsync(Scene scene)
    {
        await Eventually.See(
            "stack ended", () => world.Ledger.StacksAsync(scene.Namespace.Name), stacks => stacks.SequenceEqual(["web deleted"]), () => world.Operator.Log);
        var releases = await world.Ledger.ReleasesAsync(scene.Namespace.Name);
        releases.Select(release => $"{release.Name} {release.Phase}").Take(2).ShouldBe(["one superseded", "two cancelled"]);

        // The one that waited has a version if it happened to see the end of the other before its own.
        releases.Skip(2).ShouldAllBe(release => release.Name == "three" && release.Phase == "cancelled");
    }

    /// <summary>An operator that gives vanished objects little time.</summary>
    public sealed class World(LocalCluster cluster) : OperatorWorld(cluster)
    {
        protected override bool StartsOperator => false;

        protected override IReadOnlyList<string> Options => ["--leader-elect", "false", "--vanished-after", "1s"];
    }
}
