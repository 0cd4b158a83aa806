using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class QueueTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    private const int Many = 16;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sixteen_at_once_go_one_at_a_time_in_turn_order_and_applying_them_again_changes_nothing(bool stackFirst)
    {
        await using var scene = await world.NewSceneAsync();
        if (stackFirst)
        {
            await scene.StackAsync();
        }

        var images = Enumerable.Range(0, Many).ToDictionary(number => $"r{number:00}", number => scene.Push($"r{number:00}").ByTag);
        // Not across the end of one: who is first there is a matter of when each is heard of.
        await Eventually.See("the beginning of a second", () => TimeProvider.System.GetUtcNow().Millisecond < 200);
        await Task.WhenAll(images.Reverse().Select(image => scene.ReleaseAsync(image.Key, image.Value)));
        if (!stackFirst)
        {
            await scene.WaitsAsync("r00", "StackNotFound");
            await scene.StackAsync();
        }

        var ordered = await EndedInTurnOrder(scene);

        await AssertOneAtATime(scene, ordered);
        AssertVersionsAreConsecutive(ordered);
        await AssertAgainChangesNothing(scene, ordered, images);
    }

    [Fact]
    public async Task A_release_applied_before_its_stack_waits_and_goes_on_by_itself()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        var waiting = await scene.WaitsAsync("one", "StackNotFound");

        await scene.StackAsync();

        waiting.Text("status.phase").ShouldBe("Pending");
        waiting.Text("status.version").ShouldBeNull();
        waiting.Condition("Reconciling").Text("message")!.ShouldContain("web");
        waiting.ConditionText("Ready").ShouldStartWith("False");
        await scene.PhaseAsync("one", "Active");
    }

    [Fact]
    public async Task A_rerun_token_makes_a_new_release_of_the_same_object()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        var image = scene.Push().ByTag;
        await scene.ReleaseAsync("one", image);
        var first = await scene.PhaseAsync("one", "Active");
        await scene.DeleteAsync(scene.Namespace.Slipways("deployments", "one"));

        await scene.Namespace.Apply($$$"""
            apiVersion: slipway.dev/v1alpha1
            kind: Deployment
            metadata: {name: one, annotations: {slipway.dev/rerun: "2"}}
            spec:
              stack: web
              source: {image: "{{{image}}}" }
            """);

        (await scene.PhaseAsync("one", "Active")).Text("status.version").ShouldNotBe(first.Text("status.version"));
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Count.ShouldBe(2);
    }

    private async Task<IReadOnlyList<JsonNode>> EndedInTurnOrder(Scene scene)
    {
        var all = await Eventually.See(
            "all but the last superseded, the last active",
            () => world.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments")),
            releases => releases.Count(release => release.Text("status.phase") == "Superseded") == Many - 1
                && releases.Count(release => release.Text("status.phase") == "Active") == 1,
            () => world.Operator.Log);
        var ordered = all
            .OrderBy(release => release.Text("metadata.creationTimestamp"), StringComparer.Ordinal)
            .ThenBy(release => release.Text("metadata.name"), StringComparer.Ordinal)
            .ToList();
        ordered[^1].Text("status.phase").ShouldBe("Active");
        return ordered;
    }

    /// <summary>In the ledger's own order of moves nothing begins before the one before it is active.</summary>
    private async Task AssertOneAtATime(Scene scene, IReadOnlyList<JsonNode> ordered)
    {
        var moves = await world.Ledger.MovesAsync(scene.Namespace.Name);
        var expected = new List<(string, string)>();
        var former = "";
        foreach (var name in ordered.Select(release => release.Text("metadata.name")!))
        {
            expected.AddRange([(name, "pending"), (name, "activating")]);
            if (former.Length > 0)
            {
                expected.Add((former, "superseded"));
            }

            expected.Add((name, "active"));
            former = name;
        }

        moves.Select(move => (move.Name, move.To)).ShouldBe(expected);
    }

    private static void AssertVersionsAreConsecutive(IReadOnlyList<JsonNode> ordered)
    {
        var versions = ordered.Select(release => release.Text("status.version")!.Split('.')).ToList();
        foreach (var day in versions.GroupBy(version => version[0]))
        {
            day.Select(version => int.Parse(version[1])).ShouldBe(Enumerable.Range(1, day.Count()));
        }

        versions.Select(version => version[0]).ShouldBeInOrder();
    }

    private async Task AssertAgainChangesNothing(Scene scene, IReadOnlyList<JsonNode> before, Dictionary<string, string> images)
    {
        var workload = await scene.SettledWorkloadAsync();
        var rows = await world.Ledger.ReleasesAsync(scene.Namespace.Name);
        await Task.WhenAll(images.Keys.Select(name => scene.DeleteAsync(scene.Namespace.Slipways("deployments", name))));
        await Task.WhenAll(images.Select(image => scene.ReleaseAsync(image.Key, image.Value)));

        foreach (var release in before)
        {
            var name = release.Text("metadata.name")!;
            var again = await scene.SeeReleaseAsync(
                name, "its status again", now => now.Number("status.observedGeneration") > 0 && now.Text("status.version") is not null);
            again.Text("metadata.uid").ShouldNotBe(release.Text("metadata.uid"));
            JsonNode.DeepEquals(Timeless(again), Timeless(release)).ShouldBeTrue($"{name}: {again["status"]}\nbefore: {release["status"]}");
        }

        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).ShouldBe(rows);
        (await scene.WorkloadAsync()).Text("metadata.resourceVersion").ShouldBe(workload.Text("metadata.resourceVersion"));
    }

    /// <summary>The status without the times at which its conditions were first said of this very object.</summary>
    private static JsonNode Timeless(JsonNode release)
    {
        var status = release["status"]!.DeepClone();
        foreach (var condition in status.Items("conditions"))
        {
            condition.AsObject().Remove("lastTransitionTime");
        }

        return status;
    }
}
