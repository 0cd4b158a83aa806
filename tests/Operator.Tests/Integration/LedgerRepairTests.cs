using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>A ledger that is put back by an hour: no version is handed out twice, and releases go on after a repair.</summary>
[Collection(ClusterCollection.Name)]
public sealed class LedgerRepairTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    private readonly OperationsPage _page = new(world.Cluster.KubeConfigPath);

    public Task InitializeAsync() => world.Operator.StartAsync();

    public async Task DisposeAsync()
    {
        await world.Operator.DisposeAsync();
        _page.Dispose();
    }

    [Fact]
    public async Task Restored_from_an_older_backup_nothing_runs_until_the_repair_and_everything_goes_on_after_it()
    {
        await using var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/broken", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready);
        await scene.StackAsync("web", StackSpecs.Deadline(15));
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        await _page.RunAsync(OperationsPage.Commands("Back up the ledger").Single(), world.Ledger.Url);
        await LiveOnAsync(scene);
        var before = await ToldAsync(scene);
        var workload = await scene.SettledWorkloadAsync();
        (await world.Operator.StopAsync()).ShouldBe(0);
        await _page.RunAsync(OperationsPage.Commands("Restore the ledger")[0], world.Ledger.Url);
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Count.ShouldBe(1);

        await world.Operator.StartAsync();
        await scene.ReleaseAsync("six", scene.Push("six").ByTag);
        await scene.SeeReleaseAsync("six", "held back", release => release.ConditionText("Stalled") == "True LedgerBehind");
        await scene.SeeStackAsync("web", "held back", stack => stack.ConditionText("Stalled") == "True LedgerBehind");
        await scene.ReleaseAsync("rejected-later", "NO/IMAGE", "web");
        await scene.PhaseAsync("rejected-later", "Failed");
        (await ToldAsync(scene)).Take(before.Count).ShouldBe(before, "statuses are what the repair reads");
        (await scene.WorkloadAsync()).Text("metadata.resourceVersion").ShouldBe(workload.Text("metadata.resourceVersion"));

        var dry = await RepairAsync("--dry-run");
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).ShouldNotContain(release => release.Name == "two");
        var repair = await RepairAsync();

        dry.ExitCode.ShouldBe(0, dry.Output);
        repair.ExitCode.ShouldBe(0, repair.Output);
        repair.Output.Replace("repaired", "would be repaired", StringComparison.Ordinal).ShouldBe(dry.Output);
        (await scene.PhaseAsync("six", "Active")).Text("status.version")!.ShouldEndWith(".6");
        (await scene.SeeStackSettledAsync()).Text("status.activeDeployment").ShouldBe("six");
        (await scene.PhaseAsync("five", "Superseded")).Text("status.version")!.ShouldEndWith(".5");
        var releases = await world.Ledger.ReleasesAsync(scene.Namespace.Name);
        releases.Where(release => release.Version.Length > 0).Select(release => release.Version).ShouldBeUnique();
        releases.Count(release => release.Version.Length > 0).ShouldBe(6);
        releases.Count(release => release.Phase == "active").ShouldBe(1);
        await RollBackAsync(scene);
        (await RepairAsync()).Output.ShouldContain("0 releases repaired, 0 failed");
    }

    [Fact]
    public async Task Without_a_database_it_says_so()
    {
        var start = SlipwayProcess.StartOf(["ledger", "repair", "--kubeconfig", world.Cluster.KubeConfigPath]);
        var result = await Command.RunAsync(
            start.FileName, [.. start.ArgumentList], environment: new Dictionary<string, string> { ["DATABASE_URL"] = "" });

        result.ExitCode.ShouldBe(2, result.Output);
        result.Output.ShouldContain("--database (or DATABASE_URL) is missing");
    }

    /// <summary>What happens after the backup: versions 2 to 5, one of them without an object by the end, and a refusal.</summary>
    private static async Task LiveOnAsync(Scene scene)
    {
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Active");
        await scene.ReleaseAsync("three", scene.Push("broken").ByTag);
        await scene.PhaseAsync("three", "Failed");
        await scene.ReleaseAsync("bad", "NO/IMAGE");
        await scene.PhaseAsync("bad", "Failed");
        await scene.ReleaseAsync("four", scene.Push("four").ByTag);
        await scene.PhaseAsync("four", "Active");
        await scene.ReleaseAsync("five", scene.Push("five").ByTag);
        await scene.PhaseAsync("five", "Active");
        await scene.PhaseAsync("four", "Superseded");
        await scene.SeeStackAsync("web", "five is active", stack => stack.Text("status.activeDeployment") == "five" && stack.Condition("Reconciling") is null);
        await scene.DeleteAsync(scene.Namespace.Slipways("deployments", "four"));
    }

    /// <summary>A version that only the repair has brought back.</summary>
    private static async Task RollBackAsync(Scene scene)
    {
        var two = await scene.GetReleaseAsync("two");
        await scene.ReleaseAsync("back", new JsonObject
        {
            ["stack"] = "web",
            ["source"] = new JsonObject { ["rollback"] = new JsonObject { ["version"] = two.Text("status.version") } },
        });
        (await scene.PhaseAsync("back", "Active")).Text("status.imageReference").ShouldBe(two.Text("status.imageReference"));
        await scene.SeeStackSettledAsync();
    }

    private async Task<IReadOnlyList<string>> ToldAsync(Scene scene) =>
    [
        .. (await world.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments")))
            .Where(release => release.Text("metadata.name") is not ("six" or "rejected-later"))
            .Select(release => $"{release.Text("metadata.name")} {release.Text("status.phase")} {release.Text("status.version")} {release.Items("status.transitions").Count}"),
    ];

    private Task<CommandResult> RepairAsync(params IReadOnlyList<string> options)
    {
        var start = SlipwayProcess.StartOf(["ledger", "repair", "--database", world.Ledger.Url, "--kubeconfig", world.Cluster.KubeConfigPath, .. options]);
        return Command.RunAsync(start.FileName, [.. start.ArgumentList]);
    }
}
