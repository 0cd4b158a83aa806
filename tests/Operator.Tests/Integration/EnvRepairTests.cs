using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>A ledger that is put back to before some patches: no revision is handed out twice, and no patch merged twice.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EnvRepairTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    private readonly string _dump = Path.Combine(Path.GetTempPath(), $"slipway-test-{Guid.NewGuid():N}.dump");

    public Task InitializeAsync() => world.Operator.StartAsync();

    public async Task DisposeAsync()
    {
        await world.Operator.DisposeAsync();
        File.Delete(_dump);
    }

    [Fact]
    public async Task Restored_from_an_older_backup_nothing_is_merged_until_the_repair_and_nothing_twice_after_it()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("BASE", "0")));
        var one = await scene.ActiveAsync();
        await scene.PatchAsync("before", Set(("A", "1")));
        await scene.PatchReleaseAsync("before", "Active");
        await PgAsync("pg_dump", "--format=custom", "--file", _dump);
        await LiveOnAsync(scene);
        var workload = await scene.SettledWorkloadAsync();
        var patches = await ToldAsync(scene);
        (await world.Operator.StopAsync()).ShouldBe(0);
        await PgAsync("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname", world.Ledger.Url, _dump);
        (await scene.RevisionsAsync()).ShouldBe([1L, 2L]);

        await world.Operator.StartAsync();
        await scene.PatchAsync("new", Set(("NEW", "5")));
        await scene.PatchWaitsAsync("new", "LedgerBehind");
        await scene.SeeStackAsync("web", "held back", stack => stack.ConditionText("Stalled") == "True LedgerBehind");
        (await scene.WorkloadAsync()).Text("metadata.resourceVersion").ShouldBe(workload.Text("metadata.resourceVersion"));
        (await scene.RevisionsAsync()).ShouldBe([1L, 2L]);
        (await world.Operator.StopAsync()).ShouldBe(0);

        var dry = await RepairAsync("--dry-run");
        (await scene.RevisionsAsync()).ShouldBe([1L, 2L]);
        var repair = await RepairAsync();

        dry.ExitCode.ShouldBe(0, dry.Output);
        repair.ExitCode.ShouldBe(0, repair.Output);
        repair.Output.ShouldContain("variables: 3 revisions");
        (await scene.RevisionsAsync()).ShouldBe([1L, 2L, 3L, 4L, 5L]);
        await world.Operator.StartAsync();
        var made = await scene.PatchPhaseAsync("new", "Applied");
        made.Number("status.revision").ShouldBe(6);
        (await ToldAsync(scene)).Where(told => !told.StartsWith("new ", StringComparison.Ordinal)).ShouldBe(patches);
        await scene.PatchReleaseAsync("new", "Active");
        await scene.SeeVariablesAsync("A=2 BASE=0 FROM=s NEW=5 QUIET=4");
        await AppliedAgainAsync(scene);
        await RollBackAsync(scene, one);
        (await RepairAsync()).Output.ShouldContain("0 failed");
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
    }

    /// <summary>The pods of what runs are not replaced by the repair itself.</summary>
    [Fact]
    public async Task What_runs_is_not_rolled_out_again_by_a_repair()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("BASE", "0")).With(StackSpecs.Container("env", new JsonArray(new JsonObject { ["name"] = "OWN", ["value"] = "o" }))));
        await scene.ActiveAsync();
        await PgAsync("pg_dump", "--format=custom", "--file", _dump);
        await LiveOnAsync(scene);
        await scene.SettledWorkloadAsync();
        var pods = (await scene.PodsAsync()).Select(pod => pod.Uid).ToList();
        (await world.Operator.StopAsync()).ShouldBe(0);
        await PgAsync("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname", world.Ledger.Url, _dump);
        (await RepairAsync()).ExitCode.ShouldBe(0);

        await world.Operator.StartAsync();

        await scene.SettledWorkloadAsync();
        await scene.SeeVariablesAsync("A=2 BASE=0 FROM=s");
        (await scene.PodsAsync()).Select(pod => pod.Uid).ShouldBe(pods);
        (await scene.SeeStackSettledAsync()).Number("status.envRevision").ShouldBe(4);
    }

    /// <summary>What happens after the backup: patches that are released, one from a Secret that is gone by the end, and one that waits for the next.</summary>
    private async Task LiveOnAsync(Scene scene)
    {
        await scene.PatchAsync("after", Set(("A", "2")));
        await scene.PatchReleaseAsync("after", "Active");
        await world.Cluster.Server.CreateAsync(scene.Namespace.Core("secrets"), Secret("values", true, ("FROM", "s")));
        await scene.PatchAsync("from", From("values"));
        await scene.PatchReleaseAsync("from", "Active");
        await scene.DeleteAsync(scene.Namespace.Core("secrets", "values"));
        await scene.PatchAsync("quiet", Set(("QUIET", "4")).Quietly());
        var quiet = await scene.PatchPhaseAsync("quiet", "Applied");
        await scene.SeeStackAsync("web", "knows it", stack => stack.Number("status.envRevision") == quiet.Number("status.revision"));
    }

    /// <summary>Known again by what they ask for, also after a delete.</summary>
    private static async Task AppliedAgainAsync(Scene scene)
    {
        await scene.DeleteAsync(scene.Namespace.Slipways("envpatches", "after"));
        await scene.PatchAsync("after", Set(("A", "2")));
        (await scene.PatchPhaseAsync("after", "Applied")).Number("status.revision").ShouldBe(3);
        (await scene.RevisionsAsync()).Count.ShouldBe(6);
    }

    private static async Task RollBackAsync(Scene scene, JsonNode one)
    {
        await scene.ReleaseAsync("back", Rollback(one.Text("status.version")!));
        (await scene.PhaseAsync("back", "Active")).Number("status.envRevision").ShouldBe(1);
        await scene.SeeVariablesAsync("BASE=0");
        var after = await scene.GetReleaseAsync("after-env-3");
        await scene.ReleaseAsync("forth", Rollback(after.Text("status.version")!));
        (await scene.PhaseAsync("forth", "Active")).Number("status.envRevision").ShouldBe(3, "a version that only the repair has brought back");
        await scene.SeeVariablesAsync("A=2 BASE=0");
    }

    private async Task<IReadOnlyList<string>> ToldAsync(Scene scene) =>
    [
        .. (await world.Cluster.Server.ListAsync(scene.Namespace.Slipways("envpatches")))
            .Select(patch => $"{patch.Text("metadata.name")} {patch.Text("status.phase")} {patch.Number("status.revision")} {patch.Text("status.deployment")}"),
    ];

    private Task<CommandResult> RepairAsync(params IReadOnlyList<string> options)
    {
        var start = SlipwayProcess.StartOf(
            ["ledger", "repair", "--database", world.Ledger.Url, "--kubeconfig", world.Cluster.KubeConfigPath, "--env-keys-file", TestEnvKeys.File, .. options]);
        return Command.RunAsync(start.FileName, [.. start.ArgumentList]);
    }

    private async Task PgAsync(string program, params IReadOnlyList<string> arguments)
    {
        var result = await Command.RunAsync(program, program == "pg_dump" ? [.. arguments, world.Ledger.Url] : arguments);
        result.ExitCode.ShouldBe(0, result.Output);
    }
}
