using Shouldly;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>A backup of the ledger, brought back into another database after things went on; by the commands of the page.</summary>
[Collection(ClusterCollection.Name)]
public sealed class BackupTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>
{
    [Fact]
    public async Task Brought_back_into_a_new_database_it_learns_what_happened_since_and_nothing_that_runs_changes()
    {
        using var page = new OperationsPage(world.Cluster.KubeConfigPath);
        await world.Operator.StartAsync();
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "1")));
        await scene.ActiveAsync();
        await page.RunAsync(OperationsPage.Commands("Back up the ledger").ShouldHaveSingleItem(), world.Ledger.Url);
        await scene.ActiveAsync("two");
        var workload = await scene.SettledWorkloadAsync();
        (await world.Operator.StopAsync()).ShouldBe(0);
        await using var database = await PostgresDatabase.CreateAsync();
        var ledger = new LedgerDatabase(database);

        var commands = OperationsPage.Commands("Restore the ledger");
        await page.RunAsync(commands[1], database.Url);
        (await ledger.ReleasesAsync(scene.Namespace.Name)).ShouldHaveSingleItem().Phase.ShouldBe("active");
        await using var restored = new OperatorProcess(database.Url, world.Proxy.KubeConfigPath, ["--leader-elect", "false"]);
        await restored.StartAsync();
        await scene.SeeStackAsync("web", "held back", stack => stack.ConditionText("Stalled") == "True LedgerBehind");
        (await page.RunAsync(commands[2], database.Url)).ShouldContain("releases repaired, 0 failed");

        await scene.SeeStackSettledAsync();
        (await scene.WorkloadAsync())!["spec"]!.ToJsonString().ShouldBe(workload["spec"]!.ToJsonString());
        (await scene.ActiveAsync("three")).Text("status.version")!.ShouldEndWith(".3");
        await scene.PatchAsync("later", Set(("B", "2")));
        await scene.PatchReleaseAsync("later", "Active");
        await scene.SeeVariablesAsync("A=1 B=2");
        (await ledger.ViolationsAsync()).ShouldBeEmpty();
        (await restored.StopAsync()).ShouldBe(0, restored.Log);
    }
}
