using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Objects that are applied again run nothing again.</summary>
[Collection(ClusterCollection.Name)]
public sealed class RestoreTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    private static readonly string[] Stacks = ["api", "idle", "web"];

    public Task InitializeAsync() => world.Operator.StartAsync();

    public async Task DisposeAsync() => await world.Operator.DisposeAsync();

    /// <summary>Releases come back before their stacks, under new UIDs; what ran has to be put up again.</summary>
    [Theory]
    [InlineData("without status")]
    [InlineData("with status")]
    public async Task Everything_restored_from_a_dump_is_as_it_was_and_runs_nothing_again(string how)
    {
        await using var scene = await HistoryAsync();
        var before = await RecordAsync(scene);
        (await world.Operator.StopAsync()).ShouldBe(0);
        var dump = await DumpAsync(scene);
        var statuses = await world.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments"));
        await WipeAsync(scene);
        await Eventually.See("no pods", scene.PodsAsync, pods => pods.Count == 0);
        await Eventually.See("no replica sets", scene.ReplicaSetsAsync, sets => sets.Count == 0);

        foreach (var (plural, item) in dump)
        {
            await world.Cluster.Server.CreateAsync(scene.Namespace.Slipways(plural), item.DeepClone());
        }

        foreach (var item in how == "with status" ? statuses : [])
        {
            await world.Cluster.Server.MergeAsync(
                $"{scene.Namespace.Slipways("deployments", item.Text("metadata.name"))}/status", new JsonObject { ["status"] = item["status"]!.DeepClone() });
        }

        await world.Operator.StartAsync();

        await SeeSameAsync(scene, before);
        foreach (var name in Stacks.Where(name => name != "idle"))
        {
            await scene.SeeStackSettledAsync(name);
            await scene.SeeWorkloadAsync("up again", one => one.Number("status.availableReplicas") == 1, name);
        }

        (await scene.WorkloadAsync("web")).Text("spec.template.spec.containers.0.image").ShouldBe((await scene.GetReleaseAsync("two")).Text("status.imageReference"));
        (await scene.WorkloadAsync("idle")).ShouldBeNull();
        (await scene.ReplicaSetsAsync()).Count.ShouldBe(2);
        (await world.Ledger.StacksAsync(scene.Namespace.Name)).Count(stack => stack.EndsWith(" live", StringComparison.Ordinal)).ShouldBe(3);
        await scene.ReleaseAsync("next", scene.Push("next").ByTag, "web");
        (await scene.PhaseAsync("next", "Active")).Text("status.version")!.ShouldEndWith(".4");
    }

    [Fact]
    public async Task Each_finished_release_deleted_and_applied_again_is_as_it_was_and_runs_nothing_again()
    {
        await using var scene = await HistoryAsync();
        var before = await RecordAsync(scene);
        var workload = await scene.SettledWorkloadAsync("web");

        foreach (var (plural, item) in (await DumpAsync(scene)).Where(entry => entry.Plural == "deployments"))
        {
            await scene.DeleteAsync(scene.Namespace.Slipways(plural, item.Text("metadata.name")));
            await world.Cluster.Server.CreateAsync(scene.Namespace.Slipways(plural), item.DeepClone());
        }

        await SeeSameAsync(scene, before);
        (await scene.WorkloadAsync("web")).Text("metadata.resourceVersion").ShouldBe(workload.Text("metadata.resourceVersion"));
    }

    /// <summary>Restored, too, is what belongs to the former stack, until the garbage collector has found out.</summary>
    [Fact]
    public async Task A_workload_that_is_still_the_former_stacks_is_waited_for_and_fails_no_release()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: new JsonObject { ["service"] = new JsonObject { ["port"] = 80 } });
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        await scene.SeeStackSettledAsync();
        (await world.Operator.StopAsync()).ShouldBe(0);
        var dump = await DumpAsync(scene);
        string[] owned = [scene.Namespace.Apps("deployments", "web"), scene.Namespace.Core("services", "web")];
        await Task.WhenAll(owned.Select(path => HoldAsync(path, "slipway.dev/test")));
        await WipeAsync(scene);
        foreach (var (plural, item) in dump)
        {
            await world.Cluster.Server.CreateAsync(scene.Namespace.Slipways(plural), item.DeepClone());
        }

        await world.Operator.StartAsync();
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Activating");
        var seen = world.Proxy.Requests.Count;
        await Eventually.See(
            "looked at twice", () => world.Proxy.Requests.Skip(seen).Count(request => request.Method == "GET" && request.Path == owned[0]) >= 2);
        (await scene.GetReleaseAsync("two")).Text("status.phase").ShouldBe("Activating");
        await Task.WhenAll(owned.Select(path => HoldAsync(path, null)));

        await scene.PhaseAsync("two", "Active");
        await scene.SeeStackSettledAsync();
        var stack = await world.Cluster.Server.GetAsync(scene.Namespace.Slipways("stacks", "web"));
        foreach (var path in owned)
        {
            (await Eventually.See(path, () => world.Cluster.Server.GetAsync(path), item => item is not null))
                .Text("metadata.ownerReferences.0.uid").ShouldBe(stack.Text("metadata.uid"));
        }
    }

    /// <summary>Keeps an object although it is deleted, or lets it go.</summary>
    private Task HoldAsync(string path, string? finalizer) => world.Cluster.Server.MergeAsync(
        path, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = finalizer is null ? null : new JsonArray(finalizer) } });

    /// <summary>Stacks with releases that ended in every way.</summary>
    private async Task<Scene> HistoryAsync()
    {
        var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/broken", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready);
        await scene.StackAsync("web", StackSpecs.Deadline(15));
        await scene.StackAsync("api");
        await scene.StackAsync("idle", new JsonObject { ["suspend"] = true });
        await scene.ReleaseAsync("never", scene.Push("never").ByTag, "idle");
        await scene.WaitsAsync("never", "Suspended");
        await CancelAsync(scene, "never");
        await scene.ReleaseAsync("first", scene.Push("first").ByTag, "api");
        await scene.PhaseAsync("first", "Active");
        await scene.ReleaseAsync("taken-back", scene.Push("broken").ByTag, "api");
        await scene.PhaseAsync("taken-back", "Activating");
        await CancelAsync(scene, "taken-back");
        await scene.ReleaseAsync("one", scene.Push("one").ByTag, "web");
        await scene.PhaseAsync("one", "Active");
        await scene.ReleaseAsync("fails", scene.Push("broken", "2").ByTag, "web");
        await scene.PhaseAsync("fails", "Failed");
        await scene.ReleaseAsync("bad", "NO/IMAGE", "web");
        await scene.PhaseAsync("bad", "Failed");
        await scene.ReleaseAsync("two", scene.Push("two").ByTag, "web");
        await scene.PhaseAsync("two", "Active");
        await scene.PhaseAsync("one", "Superseded");
        await scene.SeeStackSettledAsync("web");
        await scene.SeeStackSettledAsync("api");
        return scene;
    }

    private static async Task CancelAsync(Scene scene, string name)
    {
        await scene.MergeReleaseAsync(name, new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
        await scene.PhaseAsync(name, "Cancelled");
    }

    private async Task<Record> RecordAsync(Scene scene) => new(
        [.. (await world.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments"))).Select(Told)],
        await world.Ledger.ReleasesAsync(scene.Namespace.Name),
        await world.Ledger.MovesAsync(scene.Namespace.Name));

    private async Task SeeSameAsync(Scene scene, Record before)
    {
        await Eventually.See(
            "the same statuses as before",
            async () => (await world.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments"))).Select(Told).ToList(),
            told => told.SequenceEqual(before.Told),
            () => world.Operator.Log);
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).ShouldBe(before.Releases);
        (await world.Ledger.MovesAsync(scene.Namespace.Name)).ShouldBe(before.Moves);
    }

    private static string Told(JsonNode release) => string.Join(
        ' ',
        release.Text("metadata.name"),
        release.Text("status.phase"),
        release.Text("status.version"),
        release.Text("status.imageReference"),
        release.Text("status.supersededBy"),
        release.Text("status.failure.reason"),
        release.ConditionText("Ready"),
        release.ConditionText("Stalled"),
        release.Items("status.transitions").Count);

    /// <summary>What people keep of objects: no UIDs, no status. Deployments first.</summary>
    private async Task<IReadOnlyList<(string Plural, JsonNode Item)>> DumpAsync(Scene scene)
    {
        var dump = new List<(string, JsonNode)>();
        foreach (var plural in (string[])["deployments", "stacks"])
        {
            foreach (var item in await world.Cluster.Server.ListAsync(scene.Namespace.Slipways(plural)))
            {
                var metadata = new JsonObject { ["name"] = item.Text("metadata.name") };
                foreach (var kept in (string[])["labels", "annotations"])
                {
                    metadata[kept] = item.At($"metadata.{kept}")?.DeepClone();
                }

                dump.Add((plural, new JsonObject
                {
                    ["apiVersion"] = "slipway.dev/v1alpha1",
                    ["kind"] = plural == "stacks" ? "Stack" : "Deployment",
                    ["metadata"] = metadata,
                    ["spec"] = item["spec"]!.DeepClone(),
                }));
            }
        }

        return dump;
    }

    /// <summary>Everything is gone, and nobody was asked.</summary>
    private async Task WipeAsync(Scene scene)
    {
        var server = world.Cluster.Server;
        foreach (var plural in (string[])["deployments", "stacks"])
        {
            foreach (var item in await server.ListAsync(scene.Namespace.Slipways(plural)))
            {
                var path = scene.Namespace.Slipways(plural, item.Text("metadata.name"));
                await server.MergeAsync(path, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
                await server.DeleteAsync(path);
            }
        }

        foreach (var name in Stacks)
        {
            await server.DeleteAsync(scene.Namespace.Apps("deployments", name));
        }

        await server.DeleteAsync(scene.Namespace.Core("services", "web"));
    }

    private sealed record Record(IReadOnlyList<string> Told, IReadOnlyList<StoredRelease> Releases, IReadOnlyList<StoredMove> Moves);
}
