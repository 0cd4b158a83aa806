using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class ManyEnvPatchesTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Theory]
    [InlineData(16)]
    [InlineData(256)]
    public async Task Patches_at_once_lose_no_key_and_one_of_their_releases_ends_with_all_of_them(int count)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("first", scene.Push().ByTag);
        await scene.PhaseAsync("first", "Active");

        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
            await scene.PatchAsync($"patch-{i}", new JsonObject { ["set"] = new JsonObject { [$"KEY_{i}"] = $"{i}" } }));
        var patches = new List<JsonNode>();
        for (var i = 0; i < count; i++)
        {
            patches.Add(await scene.PatchPhaseAsync($"patch-{i}", "Applied"));
        }

        patches.Select(patch => patch.Number("status.revision")).Order().ShouldBe(Enumerable.Range(1, count).Select(number => (long?)number));
        patches.Sum(patch => patch.Number("status.keysSet")).ShouldBe(count);
        patches.ShouldAllBe(patch => patch.Number("status.totalKeys") == patch.Number("status.revision"));
        var stack = await scene.SeeStackAsync("web", "nothing in flight with every variable", one =>
            one.Number("status.envRevision") == count && one.ConditionText("Ready") == "True Active" && one.Condition("Reconciling") is null);
        stack.Items("status.envKeys").Count.ShouldBe(count);
        await Eventually.See(
            "every release over",
            () => scene.World.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments")),
            all => all.All(one => one.Text("status.phase") is "Active" or "Superseded"),
            () => world.Operator.Log);
        var variables = await scene.VariablesAsync();
        variables.ShouldBe(Enumerable.Range(0, count).ToDictionary(i => $"KEY_{i}", i => $"{i}"), ignoreOrder: true);
    }
}
