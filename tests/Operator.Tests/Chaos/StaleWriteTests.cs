using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>Two operators at once, and what one of them decided arrives late.</summary>
[Collection(ClusterCollection.Name)]
public sealed class StaleWriteTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>
{
    [Fact]
    public async Task An_operator_that_has_just_started_writes_nothing_that_it_decided_before_another_one_wrote()
    {
        await using var first = await ChaosOperator.StartAsync(world);
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        await using var workloads = await WatchRecorder.StartAsync(world.Cluster.Server, scene.Namespace.Apps("deployments"));
        var (path, looks, arrived, held) = (scene.Namespace.Apps("deployments", "web"), 0, new Gate(), new Gate());

        // Its first request for the workload is the read before that of the ledger; the next one is held.
        await using var second = await ChaosOperator.StartAsync(world, proxy => proxy.OnFirst(
            request => request.Path == path && Interlocked.Increment(ref looks) == 2,
            async exchange =>
            {
                arrived.Open();
                await held.Opened;
                await exchange.ForwardAsync();
            }));
        await arrived.Opened.WaitAsync(Eventually.Patience);
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Active");
        var before = second.Proxy.Requests.Count;
        held.Open();

        await Eventually.See(
            "it has decided again", () => second.Proxy.Requests.Skip(before).Any(request => request.IsWrite && request.Path == path), () => second.Log);
        var live = await scene.SeeWorkloadAsync("two", workload => workload.Text("spec.template.spec.containers.0.image")!.Contains("/two", StringComparison.Ordinal));
        await Eventually.See("all of it", () => workloads.States[^1].Any(one => one.Text("metadata.resourceVersion") == live.Text("metadata.resourceVersion")));
        (await WorkloadHistory.ProblemsAsync(workloads, scene)).ShouldBeEmpty();
    }
}
