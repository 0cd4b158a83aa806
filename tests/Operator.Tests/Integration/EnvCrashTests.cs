using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Ledger;
using Slipway.Ledger.Env;
using Slipway.Operator.EnvPatches;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>The operator dies between the merge and whatever tells of it; and objects that are applied again merge nothing again.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EnvCrashTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    public Task InitializeAsync() => world.Operator.StartAsync();

    public async Task DisposeAsync() => await world.Operator.DisposeAsync();

    /// <summary>Whoever replays the first patch must not put its value over that of the second.</summary>
    [Fact]
    public async Task A_patch_whose_status_was_not_written_is_not_merged_again_over_a_later_one()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ActiveAsync();
        var killed = world.Proxy.OnFirst(
            request => request.IsStatusWrite("envpatches", scene.Namespace.Name, "one") && request.Body.Contains("\"Applied\"", StringComparison.Ordinal),
            async exchange =>
            {
                await world.Operator.KillAsync();
                exchange.Drop();
            });
        await scene.PatchAsync("one", Set(("A", "1")));
        await killed.WaitAsync(Eventually.Patience);
        await MergeByAnotherAsync(await scene.PatchAsync("two", Set(("A", "2"))), scene);

        await world.Operator.StartAsync();

        var one = await scene.PatchPhaseAsync("one", "Applied");
        (one.Number("status.revision"), one.Number("status.keysSet"), one.Text("status.deployment")).ShouldBe((1, 1, "one-env-1"));
        (await scene.PatchPhaseAsync("two", "Applied")).Number("status.revision").ShouldBe(2);
        await scene.SeeVariablesAsync("A=2");
        await scene.SeeStackSettledAsync();
        (await scene.RevisionsAsync()).ShouldBe([1L, 2L]);
        (await scene.ReleaseNamesAsync()).ShouldBe(["one", "one-env-1", "two-env-2"]);
    }

    [Fact]
    public async Task Applied_again_after_a_delete_it_has_the_same_outcome_and_runs_nothing_again()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ActiveAsync();
        await scene.PatchAsync("first", Set(("A", "1"), ("B", "1")));
        await scene.PatchReleaseAsync("first", "Active");
        await scene.PatchAsync("second", Set(("A", "2")));
        await scene.PatchReleaseAsync("second", "Active");
        await scene.DeleteAsync(scene.Namespace.Slipways("envpatches", "first"));
        await scene.DeleteAsync(scene.Namespace.Slipways("deployments", "first-env-1"));

        await scene.PatchAsync("first", Set(("B", "1"), ("A", "1")));

        var again = await scene.PatchPhaseAsync("first", "Applied");
        (again.Number("status.revision"), again.Number("status.keysSet")).ShouldBe((1, 2));
        (await scene.RevisionsAsync()).ShouldBe([1L, 2L]);
        await scene.SeeVariablesAsync("A=2 B=1");
        (await scene.ReleaseNamesAsync()).ShouldBe(["one", "second-env-2"]);

        await scene.DeleteAsync(scene.Namespace.Slipways("envpatches", "first"));
        await RunAgainAsync(scene, "first", Set(("A", "1"), ("B", "1")));

        (await scene.PatchPhaseAsync("first", "Applied")).Number("status.revision").ShouldBe(3);
        await scene.PatchReleaseAsync("first", "Active");
        await scene.SeeVariablesAsync("A=1 B=1");
    }

    [Fact]
    public async Task A_release_whose_name_somebody_else_has_gets_another_one_and_is_called_so_after_a_restart_too()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.ReleaseAsync("late-env-1", scene.Push("other").ByTag, "elsewhere");
        await scene.StackAsync();
        await scene.ActiveAsync();
        var killed = world.Proxy.OnFirst(
            request => request.IsStatusWrite("envpatches", scene.Namespace.Name, "late") && request.Body.Contains("\"deployment\"", StringComparison.Ordinal),
            async exchange =>
            {
                await world.Operator.KillAsync();
                exchange.Drop();
            });
        await scene.PatchAsync("late", Set(("A", "1")));
        await killed.WaitAsync(Eventually.Patience);

        await world.Operator.StartAsync();

        (await scene.PatchReleaseAsync("late", "Active")).Text("metadata.name")!.ShouldStartWith("late-env-1-");
        await scene.SeeVariablesAsync("A=1");
        (await scene.ReleaseNamesAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Run_again_after_a_rollback_it_is_released_again_although_it_changes_nothing()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        var one = await scene.ActiveAsync();
        await scene.PatchAsync("first", Set(("A", "1")));
        await scene.PatchReleaseAsync("first", "Active");
        await scene.ReleaseAsync("back", Rollback(one.Text("status.version")!));
        await scene.PhaseAsync("back", "Active");
        (await scene.VariablesAsync()).ShouldBeEmpty();
        await scene.DeleteAsync(scene.Namespace.Slipways("envpatches", "first"));

        await RunAgainAsync(scene, "first", Set(("A", "1")));

        var again = await scene.PatchPhaseAsync("first", "Applied");
        (again.Number("status.revision"), again.Number("status.keysSet")).ShouldBe((1, 0));
        await scene.PatchReleaseAsync("first", "Active");
        await scene.SeeVariablesAsync("A=1");
    }

    /// <summary>Under new UIDs, the patches before their stack.</summary>
    [Fact]
    public async Task Everything_restored_without_its_status_has_the_variables_that_it_had()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("BASE", "0")));
        await scene.ActiveAsync();
        await scene.PatchAsync("first", Set(("A", "1")));
        await scene.PatchReleaseAsync("first", "Active");
        await scene.PatchAsync("second", Set(("A", "2")));
        await scene.PatchReleaseAsync("second", "Active");
        await scene.PatchAsync("refused", Set(("1", "2")));
        await scene.PatchRefusedAsync("refused", "InvalidEnvKey");
        await scene.SettledWorkloadAsync();
        (await world.Operator.StopAsync()).ShouldBe(0);
        var dump = await DumpAndWipeAsync(scene);
        await Eventually.See("no Secrets", scene.SecretsAsync, names => names.Count == 0);
        foreach (var (plural, item) in dump)
        {
            await world.Cluster.Server.CreateAsync(scene.Namespace.Slipways(plural), item);
        }

        await world.Operator.StartAsync();

        (await scene.PatchPhaseAsync("first", "Applied")).Number("status.revision").ShouldBe(2);
        (await scene.PatchPhaseAsync("second", "Applied")).Number("status.revision").ShouldBe(3);
        await scene.PatchRefusedAsync("refused", "InvalidEnvKey");
        await scene.PhaseAsync("second-env-3", "Active");
        await scene.SeeWorkloadAsync("up again", one => one.Number("status.availableReplicas") == 1);
        await scene.SeeVariablesAsync("A=2 BASE=0");
        (await scene.RevisionsAsync()).ShouldBe([1L, 2L, 3L]);
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Select(row => $"{row.Name} {row.Phase}")
            .ShouldBe(["one superseded", "first-env-2 superseded", "second-env-3 active"]);
        await scene.PatchAsync("third", Set(("B", "3")));
        (await scene.PatchPhaseAsync("third", "Applied")).Number("status.revision").ShouldBe(4);
        await scene.PatchReleaseAsync("third", "Active");
        await scene.SeeVariablesAsync("A=2 B=3 BASE=0");
    }

    /// <summary>What another operator would do that sees the patch while this one is dead.</summary>
    private async Task MergeByAnotherAsync(JsonNode item, Scene scene)
    {
        await using var database = LedgerDataSource.Create(world.Ledger.Url);
        var ledger = new EnvLedger(database, TimeProvider.System, new EnvKeyFile(TestEnvKeys.File).Read);
        var stack = await world.Cluster.Server.GetAsync(scene.Namespace.Slipways("stacks", "web"));
        var patch = item.Deserialize(CrdsJson.Default.EnvPatch)!;
        var outcome = await ledger.ApplyAsync(EnvPatchRequests.Of(patch, stack.Text("metadata.uid")!), CancellationToken.None);
        outcome.Patch!.Revision.ShouldBe(2);
    }

    private Task<JsonNode> RunAgainAsync(Scene scene, string name, JsonObject spec) => world.Cluster.Server.CreateAsync(
        scene.Namespace.Slipways("envpatches"),
        new JsonObject
        {
            ["apiVersion"] = "slipway.dev/v1alpha1",
            ["kind"] = EnvPatch.Type.Kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = new JsonObject { [WellKnown.Annotations.Rerun] = "once more" } },
            ["spec"] = spec.With(new JsonObject { ["stack"] = "web" }),
        });

    /// <summary>What people keep of objects, no UIDs and no status; and then everything is gone, and nobody was asked.</summary>
    private async Task<IReadOnlyList<(string Plural, JsonNode Item)>> DumpAndWipeAsync(Scene scene)
    {
        var server = world.Cluster.Server;
        var dump = new List<(string, JsonNode)>();
        foreach (var (plural, kind) in ((string, string)[])[("envpatches", "EnvPatch"), ("deployments", "Deployment"), ("stacks", "Stack")])
        {
            foreach (var item in await server.ListAsync(scene.Namespace.Slipways(plural)))
            {
                var name = item.Text("metadata.name")!;
                dump.Add((plural, new JsonObject
                {
                    ["apiVersion"] = "slipway.dev/v1alpha1",
                    ["kind"] = kind,
                    ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = item.At("metadata.annotations")?.DeepClone() },
                    ["spec"] = item["spec"]!.DeepClone(),
                }));
                var path = scene.Namespace.Slipways(plural, name);
                await server.MergeAsync(path, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
                await server.DeleteAsync(path);
            }
        }

        await server.DeleteAsync(scene.Namespace.Apps("deployments", "web"));
        return dump;
    }
}
