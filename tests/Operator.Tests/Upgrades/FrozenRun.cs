using System.Text.Json.Nodes;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Upgrades;

/// <summary>What happens in a cluster before it is frozen: something of every kind, in every phase that lasts.</summary>
internal static class FrozenRun
{
    public static async Task PlayAsync(Scene scene, Builder builder)
    {
        await TeamAsync(scene);
        await HistoryAsync(scene);
        await SourcesAsync(scene, builder);
        await VariablesAsync(scene);
        await WaitingAsync(scene);
        await scene.ReleaseAsync("slow", FrozenWorld.Image("slow"));
        await scene.PhaseAsync("slow", "Activating");
        await scene.ReleaseAsync("after", FrozenWorld.Image("after"));
        await scene.WaitsAsync("after", "DeploymentInProgress");
    }

    private static async Task TeamAsync(Scene scene)
    {
        var path = $"/apis/slipway.dev/v1alpha1/teams/{Frozen.Team}";
        await scene.World.Cluster.Server.ApplyAsync(path, new JsonObject
        {
            ["apiVersion"] = "slipway.dev/v1alpha1",
            ["kind"] = "Team",
            ["metadata"] = new JsonObject { ["name"] = Frozen.Team, ["labels"] = new JsonObject([LocalCluster.TestLabel]) },
            ["spec"] = TeamScene.Called("Frozen Team").With(TeamScene.Owner("alice", "bob")),
        });
        await Eventually.See(
            "the team", () => scene.World.Cluster.Server.GetAsync(path), team => team.ConditionText("Ready") == "True TeamReady", () => scene.World.Operator.Log);
    }

    /// <summary>Releases that ended in every way.</summary>
    private static async Task HistoryAsync(Scene scene)
    {
        await scene.StackAsync("api");
        foreach (var name in (string[])["one", "two"])
        {
            await scene.ReleaseAsync($"api-{name}", FrozenWorld.Image(name), "api");
            await scene.PhaseAsync($"api-{name}", "Active");
        }

        var one = await scene.PhaseAsync("api-one", "Superseded");
        var back = Rollback(one.Text("status.version")!);
        back["stack"] = "api";
        await scene.ReleaseAsync("api-back", back);
        await scene.PhaseAsync("api-back", "Active");
        await scene.PhaseAsync("api-two", "RolledBack");
        await scene.DeadlineAsync(10, "api");
        await scene.ReleaseAsync("api-broken", FrozenWorld.Image("broken"), "api");
        await scene.PhaseAsync("api-broken", "Failed");
        await scene.DeadlineAsync(600, "api");
        await scene.ReleaseAsync("api-refused", "NO/IMAGE", "api");
        await scene.PhaseAsync("api-refused", "Failed");
        await scene.ReleaseAsync("api-cancelled", FrozenWorld.Image("slow"), "api");
        await scene.SeeReleaseAsync("api-cancelled", "under way", release => release.Text("status.phase") == "Activating");
        await scene.MergeReleaseAsync("api-cancelled", new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
        await scene.PhaseAsync("api-cancelled", "Cancelled");
        await scene.SeeStackSettledAsync("api");
    }

    /// <summary>A stack that releases by itself, and one whose image was built.</summary>
    private static async Task SourcesAsync(Scene scene, Builder builder)
    {
        await scene.StackAsync("made", new JsonObject { ["source"] = new JsonObject { ["image"] = FrozenWorld.Image("made") } });
        await scene.PhaseWhenMadeAsync("made-1", "Active");
        builder.Pushes(scene, "built");
        await scene.StackAsync("built");
        await scene.ReleaseAsync("built", Builder.Spec("built"));
        await scene.PhaseAsync("built", "Active");
        await scene.SeeStackSettledAsync("built");
        await scene.SeeStackSettledAsync("made");
    }

    private static async Task VariablesAsync(Scene scene)
    {
        await scene.StackAsync("web", Env(("A", "1"), ("B", "2")).With(TeamScene.Called("Frozen Web")).With(new JsonObject
        {
            ["team"] = Frozen.Team,
            ["service"] = new JsonObject { ["port"] = 80 },
        }));
        await scene.ReleaseAsync("one", FrozenWorld.Image("web"));
        await scene.PhaseAsync("one", "Active");
        await scene.PatchAsync("more", Set(("B", "3"), ("C", "4")));
        await scene.PatchReleaseAsync("more", "Active");
        await scene.PatchAsync("quiet", Set(("D", "5")).Quietly());
        await scene.PatchPhaseAsync("quiet", "Applied");
        await scene.PatchAsync("refused", Set(("A", "2")).With(Unset("A")));
        await scene.PatchPhaseAsync("refused", "Rejected");
        await scene.SeeVariablesAsync("A=1 B=3 C=4");
        await scene.SeeStackSettledAsync();
    }

    private static async Task WaitingAsync(Scene scene)
    {
        await scene.StackAsync("idle", new JsonObject { ["suspend"] = true });
        await scene.ReleaseAsync("idle", FrozenWorld.Image("idle"), "idle");
        await scene.WaitsAsync("idle", "Suspended");
    }
}
