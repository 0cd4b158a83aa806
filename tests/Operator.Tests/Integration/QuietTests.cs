using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class QuietTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Fact]
    public async Task What_has_not_changed_is_not_written_again()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: new JsonObject { ["service"] = new JsonObject { ["port"] = 80 } });
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        await scene.SeeStackSettledAsync();
        await TouchEverythingAsync(scene, "first");
        var before = world.Proxy.Requests.Count;

        await TouchEverythingAsync(scene, "second");

        world.Proxy.Requests.Skip(before)
            .Where(request => request.IsWrite && request.Path.Contains($"/{scene.Namespace.Name}/", StringComparison.Ordinal))
            .ShouldBeEmpty(world.Operator.Log);
    }

    /// <summary>Wakes the operator for each object, and lets a whole other release pass through its queues afterwards.</summary>
    private async Task TouchEverythingAsync(Scene scene, string value)
    {
        var annotation = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["example.org/touched"] = value } } };
        await scene.MergeReleaseAsync("one", annotation.DeepClone().AsObject());
        await scene.MergeStackAsync("web", annotation.DeepClone().AsObject());
        // A label: other annotations of a workload raise its generation, and are then reason enough to apply it again.
        var label = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["example.org/touched"] = value } } };
        await world.Cluster.Server.MergeAsync(scene.Namespace.Apps("deployments", "web"), label);
        await using var other = await world.NewSceneAsync();
        await other.StackAsync();
        await other.ReleaseAsync("passes", other.Push().ByTag);
        await other.PhaseAsync("passes", "Active");
        await other.SeeStackSettledAsync();
    }
}
