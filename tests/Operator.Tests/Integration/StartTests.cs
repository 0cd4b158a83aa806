using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class StartTests(LocalCluster cluster)
{
    private const int BadOptions = 2;
    private const int SchemaTooNew = 3;
    private const string Newest = "SELECT max(version) FROM slipway.schema_migrations WHERE version < 9001";

    [Fact]
    public async Task A_ledger_of_a_newer_schema_is_refused()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await Migrate(database);
        await new LedgerDatabase(database).ExecuteAsync(
            "INSERT INTO slipway.schema_migrations (version, works_with, applied_at, name, checksum) VALUES (9001, 9001, now(), 'future', '')");

        var (code, log) = await RunAsync(database.Url);

        code.ShouldBe(SchemaTooNew, log);
        log.ShouldContain("at version 9001 and needs a slipway that knows version 9001");
        log.ShouldContain($"this one knows {(await new LedgerDatabase(database).QueryAsync(Newest, row => row.GetInt32(0))).Single()}");
        log.ShouldContain("Upgrade slipway, or restore the database");
    }

    /// <summary>Two at once, each with a database of its own, so that it can be told who migrates.</summary>
    [Fact]
    public async Task Only_the_one_that_leads_migrates()
    {
        await cluster.Server.DeleteAsync(OperatorWorld.LeasePath);
        await using var leaders = await PostgresDatabase.CreateAsync();
        await using var standbys = await PostgresDatabase.CreateAsync();
        await using var leader = new OperatorProcess(leaders.Url, cluster.KubeConfigPath, "--lease-namespace", "slipway-system");
        await using var standby = new OperatorProcess(standbys.Url, cluster.KubeConfigPath, "--lease-namespace", "slipway-system");
        await leader.StartAsync();
        await WorksAsync(leader);

        await standby.StartAsync();
        await Eventually.See("stands by", () => standby.Log.Contains("Standing by", StringComparison.Ordinal), () => standby.Log);
        (await new LedgerDatabase(standbys).QueryAsync("SELECT to_regclass('slipway.schema_migrations') IS NULL", row => row.GetBoolean(0))).ShouldBe([true]);
        (await leader.StopAsync()).ShouldBe(0, leader.Log);
        await WorksAsync(standby);
        (await new LedgerDatabase(standbys).QueryAsync("SELECT to_regclass('slipway.schema_migrations') IS NULL", row => row.GetBoolean(0))).ShouldBe([false]);
        (await standby.StopAsync()).ShouldBe(0, standby.Log);
    }

    [Fact]
    public async Task A_ledger_that_was_altered_is_refused()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await Migrate(database);
        await new LedgerDatabase(database).ExecuteAsync("UPDATE slipway.schema_migrations SET checksum = 'other' WHERE version = 1");

        var (code, log) = await RunAsync(database.Url);

        code.ShouldBe(SchemaTooNew, log);
    }

    [Fact]
    public async Task A_newer_schema_that_this_operator_can_work_on_is_accepted()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await Migrate(database);
        await new LedgerDatabase(database).ExecuteAsync(
            "INSERT INTO slipway.schema_migrations (version, works_with, applied_at, name, checksum) VALUES (9001, 1, now(), 'future', '')");
        await using var process = new OperatorProcess(database.Url, cluster.KubeConfigPath);
        await process.StartAsync();

        await WorksAsync(process);
        (await process.StopAsync()).ShouldBe(0, process.Log);
    }

    [Theory]
    [InlineData("--workers", "0")]
    [InlineData("--workers", "many")]
    [InlineData("--conflict-retries", "-1")]
    [InlineData("--conflict-delay-min", "60ms")]
    [InlineData("--log-level", "loud")]
    [InlineData("--log-format", "xml")]
    [InlineData("--drain-timeout", "-1s")]
    [InlineData("--probe-address", "nowhere")]
    [InlineData("--kubeconfig", "/nowhere/kubeconfig")]
    [InlineData("--context", "nowhere")]
    public async Task An_option_that_makes_no_sense_is_refused_by_name_and_value(string option, string value)
    {
        var result = await SlipwayAsync(["operator", .. Defaults(option), option, value]);

        result.ExitCode.ShouldBe(BadOptions, result.Output);
        result.Output.ShouldContain(option);
        result.Output.ShouldContain(value);
    }

    [Fact]
    public async Task A_database_address_that_makes_no_sense_is_refused_without_repeating_its_password()
    {
        var result = await SlipwayAsync(["operator", .. Defaults("--database"), "--database", "mysql://slipway:s3cret@db/slipway"]);

        result.ExitCode.ShouldBe(BadOptions, result.Output);
        result.Output.ShouldContain("--database");
        result.Output.ShouldContain("postgres://");
        result.Output.ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task Without_a_database_it_says_how_to_name_one()
    {
        var result = await SlipwayAsync(["operator", .. Defaults("--database")]);

        result.ExitCode.ShouldBe(BadOptions, result.Output);
        result.Output.ShouldContain("--database");
        result.Output.ShouldContain("DATABASE_URL");
    }

    /// <summary>What is needed, but for the option that the test gives.</summary>
    private IEnumerable<string> Defaults(string without) => new Dictionary<string, string>
    {
        ["--database"] = "postgres://nobody@127.0.0.1:1/none",
        ["--kubeconfig"] = cluster.KubeConfigPath,
    }.Where(option => option.Key != without).SelectMany(option => new[] { option.Key, option.Value });

    private async Task Migrate(PostgresDatabase database)
    {
        await using var process = new OperatorProcess(database.Url, cluster.KubeConfigPath);
        await process.StartAsync();
        await WorksAsync(process);
        (await process.StopAsync()).ShouldBe(0, process.Log);
    }

    /// <summary>It leads, and has migrated the ledger. A standby is ready, too.</summary>
    private static Task WorksAsync(OperatorProcess process) =>
        Eventually.See("works", () => process.Log.Contains("The ledger is there", StringComparison.Ordinal), () => process.Log);

    private async Task<(int Code, string Log)> RunAsync(string database)
    {
        await using var process = new OperatorProcess(database, cluster.KubeConfigPath);
        process.Launch();
        return (await process.ExitAsync(), process.Log);
    }

    private static Task<CommandResult> SlipwayAsync(IReadOnlyList<string> arguments)
    {
        var start = SlipwayProcess.StartOf(arguments);
        return Command.RunAsync(start.FileName, [.. start.ArgumentList], environment: new Dictionary<string, string> { ["DATABASE_URL"] = "" });
    }
}
