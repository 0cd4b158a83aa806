using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>What becomes of a patch, of the Secrets that pods read, and of releases.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EnvPatchTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Fact]
    public async Task A_patch_is_merged_and_its_release_brings_it_to_the_active_image()
    {
        await using var scene = await world.NewSceneAsync();
        var stack = await scene.StackAsync(spec: Env(("BASE", "1"), ("GONE", "g"), ("KEPT", "k")));
        var one = await scene.ActiveAsync();
        await scene.SeeVariablesAsync("BASE=1 GONE=g KEPT=k");

        await scene.PatchAsync("more", Set(("BASE", "2"), ("NEW", "n")).With(Unset("GONE", "NEVER")));

        var patch = await scene.SeePatchAsync("more", "its release", seen => seen.Text("status.deployment") is not null);
        (patch.Text("status.phase"), patch.Text("status.reason"), patch.Text("status.deployment")).ShouldBe(("Applied", "Applied", "more-env-2"));
        (patch.Number("status.revision"), patch.Number("status.keysSet"), patch.Number("status.keysUnset")).ShouldBe((2, 2, 1));
        (patch.Number("status.totalKeys"), patch.Number("status.totalBytes")).ShouldBe((3, """{"BASE":"2","KEPT":"k","NEW":"n"}""".Length));
        (patch.ConditionText("Ready"), patch.ConditionText("Reconciling"), patch.ConditionText("Stalled")).ShouldBe(("True Applied", "absent", "absent"));
        var release = await scene.PhaseAsync("more-env-2", "Active");
        (release.Text("status.imageReference"), release.Number("status.envRevision")).ShouldBe((one.Text("status.imageReference"), 2));
        release.At("metadata.ownerReferences.0.uid")!.ToString().ShouldBe(stack.Text("metadata.uid"));
        release.Text("spec.requestedBy").ShouldBe("envpatches/more");
        await scene.SeeVariablesAsync("BASE=2 KEPT=k NEW=n");
        await scene.SeeSecretsAsync(2);
        var secret = await SecretAsync(scene, 2);
        (secret.Text("type"), (bool?)secret["immutable"]).ShouldBe(("Opaque", true));
        (secret.Text("metadata.ownerReferences.0.uid"), secret.Text("metadata.ownerReferences.0.kind")).ShouldBe((stack.Text("metadata.uid"), "Stack"));
        var after = await scene.SeeStackSettledAsync();
        after.Number("status.envRevision").ShouldBe(2);
        after.Items("status.envKeys").Select(key => (string?)key).ShouldBe(["BASE", "KEPT", "NEW"]);
        after.Items("status.overriddenKeys").Select(key => (string?)key).ShouldBe(["BASE", "GONE"]);
    }

    [Fact]
    public async Task A_rollback_restores_the_variables_and_the_next_release_has_those_of_now()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "1")));
        var one = await scene.ActiveAsync();
        await scene.PatchAsync("change", Set(("A", "2")));
        await scene.PatchReleaseAsync("change", "Active");
        await scene.SeeSecretsAsync(2);

        await scene.ReleaseAsync("back", Rollback(one.Text("status.version")!));

        (await scene.PhaseAsync("back", "Active")).Number("status.envRevision").ShouldBe(1);
        await scene.SeeVariablesAsync("A=1");
        await scene.SeeSecretsAsync(1);
        await scene.PatchAsync("quiet", Set(("B", "3")).Quietly());
        var quiet = await scene.PatchPhaseAsync("quiet", "Applied");
        (quiet.Number("status.revision"), quiet.Text("status.deployment")).ShouldBe((3, null));
        (await scene.SeeStackAsync("web", "revision 3", stack => stack.Number("status.envRevision") == 3)).Text("status.activeDeployment").ShouldBe("back");
        await scene.SeeVariablesAsync("A=1");
        await scene.ActiveAsync("two");
        await scene.SeeVariablesAsync("A=2 B=3");
        (await scene.ReleaseNamesAsync()).ShouldBe(["back", "change-env-2", "one", "two"]);
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_makes_no_revision_and_no_second_run()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "1")));
        await scene.ActiveAsync();
        await scene.PatchAsync("first", Set(("B", "2")));
        await scene.PatchReleaseAsync("first", "Active");
        var workload = await scene.SettledWorkloadAsync();

        await scene.PatchAsync("again", Set(("B", "2")).With(Unset("NEVER")));

        var again = await scene.PatchPhaseAsync("again", "Applied");
        (again.Number("status.revision"), again.Number("status.keysSet"), again.Number("status.keysUnset")).ShouldBe((2, 0, 0));
        var release = await scene.PatchReleaseAsync("again", "Superseded");
        release.ConditionText("Ready").ShouldBe("True Superseded");
        release.Text("status.message")!.ShouldContain("has revision 2 of the variables already");
        (await scene.WorkloadAsync()).Number("metadata.generation").ShouldBe(workload.Number("metadata.generation"));
        (await scene.RevisionsAsync()).ShouldBe([1L, 2L]);
    }

    [Fact]
    public async Task Reset_lets_the_baseline_count_again_and_takes_the_rest_away()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "base"), ("B", "base")));
        await scene.ActiveAsync();
        await scene.PatchAsync("over", Set(("A", "patched"), ("C", "patched")).With(Unset("B")).Quietly());
        await scene.PatchPhaseAsync("over", "Applied");

        await scene.PatchAsync("reset", new JsonObject { ["reset"] = Names("A", "B", "C") });

        await scene.PatchReleaseAsync("reset", "Active");
        var reset = await scene.PatchPhaseAsync("reset", "Applied");
        (reset.Number("status.keysSet"), reset.Number("status.keysUnset"), reset.Number("status.revision")).ShouldBe((2, 1, 3));
        await scene.SeeVariablesAsync("A=base B=base");
        (await scene.SeeStackSettledAsync()).Items("status.overriddenKeys").ShouldBeEmpty();
    }

    [Fact]
    public async Task Secrets_are_read_once_the_later_wins_and_what_the_patch_sets_wins_over_all()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ActiveAsync();
        await world.Cluster.Server.CreateAsync(scene.Namespace.Core("secrets"), Secret("low", true, ("A", "low"), ("B", "low"), ("C", "low")));
        await world.Cluster.Server.CreateAsync(scene.Namespace.Core("secrets"), Secret("high", true, ("B", "high"), ("C", "high"), ("not-a-key", "x")));

        await scene.PatchAsync("from", Set(("C", "own")).With(new JsonObject
        {
            ["setFrom"] = new JsonArray(new JsonObject { ["name"] = "low" }, new JsonObject { ["name"] = "high", ["keys"] = Names("B", "C") }),
        }));

        await scene.PatchReleaseAsync("from", "Active");
        await scene.SeeVariablesAsync("A=low B=high C=own");
        await scene.PatchAsync("bad", From("high"));
        (await scene.PatchRefusedAsync("bad", "InvalidEnvKey")).Text("status.message")!.ShouldContain("not-a-key");
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("replaced")]
    public async Task A_Secret_that_somebody_took_away_or_replaced_is_made_again_at_the_next_look(string what)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "1")));
        await scene.ActiveAsync();
        await scene.SettledWorkloadAsync();
        var secret = await SecretAsync(scene, 1);
        var path = scene.Namespace.Core("secrets", secret.Text("metadata.name")!);
        await world.Cluster.Server.DeleteAsync(path);
        if (what == "replaced")
        {
            // The operator may have made it again in between.
            await Eventually.See("replaced", () => TryForgeAsync(scene, secret.Text("metadata.name")!), forged => forged);
        }

        await scene.TouchAsync("stacks", "web", "now");

        await Eventually.See("made again", () => world.Cluster.Server.GetAsync(path), one => (bool?)one?["immutable"] == true, () => world.Operator.Log);
        await scene.SeeVariablesAsync("A=1");
    }

    [Fact]
    public async Task What_has_not_changed_is_not_written_again_neither_to_the_server_nor_to_the_ledger()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "1")));
        await scene.ActiveAsync();
        await scene.PatchAsync("two", Set(("B", "2")));
        await scene.PatchReleaseAsync("two", "Active");
        await scene.PatchAsync("quiet", Set(("C", "3")).Quietly());
        await scene.PatchPhaseAsync("quiet", "Applied");
        await scene.PatchAsync("refused", Set(("1", "bad")));
        await scene.PatchPhaseAsync("refused", "Rejected");
        await scene.SeeStackAsync("web", "revision 3", stack => stack.Number("status.envRevision") == 3);
        await scene.SettledWorkloadAsync();
        await TouchEverythingAsync(scene, "first");
        var requests = world.Proxy.Requests.Count;
        var rows = await RowsAsync(scene);

        await TouchEverythingAsync(scene, "second");

        world.Proxy.Requests.Skip(requests)
            .Where(request => request.IsWrite && request.Path.Contains($"/{scene.Namespace.Name}/", StringComparison.Ordinal))
            .ShouldBeEmpty(world.Operator.Log);
        (await RowsAsync(scene)).ShouldBe(rows);
    }

    /// <summary>Wakes the operator for each object, and lets a whole other patch pass through its queues afterwards.</summary>
    private async Task TouchEverythingAsync(Scene scene, string value)
    {
        foreach (var (plural, name) in ((string, string)[])
            [("deployments", "one"), ("deployments", "two-env-2"), ("envpatches", "two"), ("envpatches", "quiet"), ("envpatches", "refused"), ("stacks", "web")])
        {
            await scene.TouchAsync(plural, name, value);
        }

        await using var other = await world.NewSceneAsync();
        await other.StackAsync();
        await other.ActiveAsync();
        await other.PatchAsync("passes", Set(("A", "1")));
        await other.PatchReleaseAsync("passes", "Active");
        await other.SeeStackSettledAsync();
    }

    /// <summary>Which transactions wrote the rows of a scene last.</summary>
    private async Task<IReadOnlyList<string>> RowsAsync(Scene scene) => await world.Ledger.QueryAsync(
        """
        SELECT 'stack ' || id || ' ' || xmin FROM slipway.stacks WHERE namespace = $1
        UNION ALL SELECT 'revision ' || e.number || ' ' || e.xmin FROM slipway.env_revisions e JOIN slipway.stacks s ON s.id = e.stack_id WHERE s.namespace = $1
        UNION ALL SELECT 'patch ' || name || ' ' || xmin FROM slipway.env_patches WHERE namespace = $1
        UNION ALL SELECT 'release ' || name || ' ' || xmin FROM slipway.releases WHERE namespace = $1
        ORDER BY 1
        """,
        row => row.GetString(0),
        scene.Namespace.Name);

    private async Task<bool> TryForgeAsync(Scene scene, string name)
    {
        try
        {
            await world.Cluster.Server.CreateAsync(scene.Namespace.Core("secrets"), Secret(name, false, ("A", "forged")));
            return true;
        }
        catch (ApiServerException error) when (error.Code == HttpStatusCode.Conflict)
        {
            await world.Cluster.Server.DeleteAsync(scene.Namespace.Core("secrets", name));
            return false;
        }
    }

    private async Task<JsonNode> SecretAsync(Scene scene, long revision)
    {
        var stack = await world.Cluster.Server.GetAsync(scene.Namespace.Slipways("stacks", "web"));
        return (await world.Cluster.Server.GetAsync(scene.Namespace.Core("secrets", $"slipway-env-{stack.Text("metadata.uid")}-{revision}")))!;
    }
}
