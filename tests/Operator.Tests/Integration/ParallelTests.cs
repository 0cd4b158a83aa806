using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class ParallelTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    private const int Many = 8;

    [Fact]
    public async Task Eight_at_once_get_distinct_versions_and_no_older_one_runs_after_a_newer_one()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: StackSpecs.Parallel());
        await using var workloads = await WatchRecorder.StartAsync(world.Cluster.Server, scene.Namespace.Apps("deployments"));
        var images = Enumerable.Range(1, Many).ToDictionary(number => $"r{number}", number => scene.Push($"r{number}").ByTag);

        await Task.WhenAll(images.Select(image => scene.ReleaseAsync(image.Key, image.Value)));

        var all = await Eventually.See(
            "one active, the others superseded",
            () => world.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments")),
            releases => releases.Count(release => release.Text("status.phase") == "Superseded") == Many - 1
                && releases.Count(release => release.Text("status.phase") == "Active") == 1,
            () => world.Operator.Log);
        all.Select(release => NumberOf(release.Text("status.version")!)).Order().ShouldBe(Enumerable.Range(1, Many));
        NumberOf(all.Single(release => release.Text("status.phase") == "Active").Text("status.version")!).ShouldBe(Many);
        var activated = (await world.Ledger.MovesAsync(scene.Namespace.Name)).Where(move => move.To == "active").Select(move => move.Version);
        activated.ShouldBeInOrder();
        await Eventually.See("the recorder is up to date", () => Ran(workloads).Contains(Many));
        Ran(workloads).ShouldBeInOrder();
    }

    /// <summary>The versions that the workload was written for, in the order in which that happened.</summary>
    private static IEnumerable<int> Ran(WatchRecorder workloads) => workloads.States
        .SelectMany(state => state)
        .Select(workload => NumberOf(workload.At("spec.template").Label("slipway.dev/version")!));

    private static int NumberOf(string version) => int.Parse(version.Split('.')[1]);
}
