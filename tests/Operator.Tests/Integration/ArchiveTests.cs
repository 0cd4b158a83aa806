using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>The operator moves what ended long ago out of the way; objects do not notice.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ArchiveTests(ArchiveTests.World world) : IClassFixture<ArchiveTests.World>
{
    [Fact]
    public async Task Releases_of_a_deleted_stack_are_archived_and_their_objects_stay_as_they_are()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        foreach (var name in (string[])["one", "two", "three"])
        {
            await scene.ReleaseAsync(name, scene.Push(name).ByTag);
            await scene.PhaseAsync(name, "Active");
        }

        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));
        var before = await scene.PhaseAsync("one", "Superseded");
        await scene.PhaseAsync("three", "Superseded");
        (await world.Operator.StopAsync()).ShouldBe(0);

        await world.Operator.StartAsync();

        await Eventually.See(
            "archived", () => world.Ledger.ReleasesAsync(scene.Namespace.Name), releases => releases.Count == 1, () => world.Operator.Log);
        await Eventually.See(
            "it says so",
            () => world.Operator.Log.Contains("2 releases that ended long ago went to the archive", StringComparison.Ordinal),
            () => world.Operator.Log);
        await scene.ReleaseAsync("next", scene.Push("next").ByTag);
        await scene.StackAsync();
        (await scene.PhaseAsync("next", "Active")).Text("status.version")!.ShouldEndWith(".4");
        var after = await scene.GetReleaseAsync("one");
        after.Text("metadata.resourceVersion").ShouldBe(before.Text("metadata.resourceVersion"));
    }

    /// <summary>An operator for which everything that has ended is old.</summary>
    public sealed class World(LocalCluster cluster) : OperatorWorld(cluster)
    {
        protected override IReadOnlyList<string> Options => ["--leader-elect", "false", "--archive-after", "0s"];
    }
}
