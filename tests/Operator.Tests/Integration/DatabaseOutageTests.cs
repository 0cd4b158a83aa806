using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class DatabaseOutageTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await world.Operator.DisposeAsync();
        await world.DatabasePort.StopAsync();
        world.DatabasePort.Start();
    }

    [Fact]
    public async Task Down_at_the_start_it_waits_and_says_so_and_goes_on_by_itself()
    {
        await world.DatabasePort.StopAsync();
        world.Operator.Launch();
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);

        var waiting = await scene.WaitsAsync("one", "LedgerUnavailable");
        waiting.Text("status.phase").ShouldBe("Pending");
        await scene.SeeStackAsync("web", "says what it waits for", stack => stack.ConditionText("Reconciling") == "True LedgerUnavailable");
        world.DatabasePort.Start();

        await scene.PhaseAsync("one", "Active");
        await scene.SeeStackSettledAsync();
        (await world.Operator.IsReadyAsync()).ShouldBeTrue(world.Operator.Log);
    }

    [Fact]
    public async Task Lost_in_the_middle_what_runs_is_untouched_and_the_release_goes_on_afterwards()
    {
        await world.Operator.StartAsync();
        var gate = new Gate();
        await using var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/two", StringComparison.Ordinal) ? PodBehaviour.ReadyAfter(gate) : PodBehaviour.Ready);
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        var activating = await scene.PhaseAsync("two", "Activating");
        await Eventually.See("pods of both", scene.PodsAsync, pods => pods.Count == 2, () => world.Operator.Log);
        var workload = await scene.WorkloadAsync();

        await world.DatabasePort.StopAsync();
        gate.Open();
        await scene.WaitsAsync("two", "LedgerUnavailable");
        await scene.ReleaseAsync("three", scene.Push("three").ByTag);
        await scene.WaitsAsync("three", "LedgerUnavailable");
        (await scene.GetReleaseAsync("one")).ConditionText("Ready").ShouldBe("True Active");
        (await scene.WorkloadAsync()).Number("metadata.generation").ShouldBe(workload.Number("metadata.generation"));
        world.DatabasePort.Start();

        await scene.PhaseAsync("three", "Active");
        var two = await scene.PhaseAsync("two", "Superseded");
        two.Text("status.version").ShouldBe(activating.Text("status.version"));
        (await world.Ledger.MovesAsync(scene.Namespace.Name)).Where(move => move.Name == "two").Select(move => move.To)
            .ShouldBe(["pending", "activating", "active", "superseded"]);
    }
}
