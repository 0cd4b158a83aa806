using Shouldly;
using Slipway.Operator.Commands;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.DemoData.Tests.Races;

/// <summary>The database goes away in the middle, or somebody tells a run to stop (SIGTERM): the old data stand, and it says what has happened.</summary>
[Collection(RaceCollection.Name)]
public sealed class BrokenConnectionTests(RaceCluster cluster) : IAsyncLifetime
{
    private const string StepBegins = "SELECT token FROM slipway_demo.fence WHERE token";

    private RaceDatabase _database = null!;
    private TestNamespace _namespace = null!;
    private PostgresProxy _proxy = null!;
    private string _before = "";

    /// <summary>By the beginning of the statement, which one of those it is, and whether the migrations make another schema.</summary>
    public static TheoryData<string, int, bool> Phases => new()
    {
        { "SELECT substr(item", 1, false },
        { "INSERT INTO slipway_demo.backends", 1, false },
        { "SELECT pg_advisory_lock", 1, false },
        { "UPDATE slipway_demo.fence", 1, false },
        { StepBegins, 1, false },
        { "CREATE TYPE kind", 1, false },
        { PostgresRequest.CopyData, 1, false },
        { "COMMIT", 2, false },
        { "CREATE TYPE kind", 1, true },
        { StepBegins, 3, true },
        { "COMMIT", 3, true },
    };

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task A_connection_that_breaks_leaves_the_old_data(string statement, int occurrence, bool isChanged)
    {
        var hold = new Hold(_proxy, statement, occurrence);
        await using var run = Start(isChanged);
        await hold.SeeAsync(run);

        await _proxy.DisposeAsync();
        hold.Release();

        (await run.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.DatabaseUnavailable), run.Log);
        await ShouldBeAsBeforeAsync();
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task Whoever_is_told_to_stop_stops_and_leaves_the_old_data(string statement, int occurrence, bool isChanged)
    {
        for (var tries = 1; ; tries++)
        {
            var hold = new Hold(_proxy, statement, occurrence);
            await using var run = Start(isChanged);
            await hold.SeeAsync(run);

            run.Terminate();
            hold.Release();

            var code = await run.ExitAsync();
            if (code == ExitCodes.Incomplete)
            {
                run.Log.ShouldContain("interrupted: the old data stand");
                await ShouldBeAsBeforeAsync();
                return;
            }

            // It may have come to its end before it heard of the signal; that is so mostly where all is done but the last commit.
            code.ShouldBe(0, run.Log);
            (await _database.DumpAsync()).ShouldContain("second");
            if (statement == "COMMIT")
            {
                return;
            }

            tries.ShouldBeLessThan(3, run.Log);
            await Run.Of(_database, cluster.Files.Plain, cluster.Files.First).StartAsync();
        }
    }

    [Fact]
    public async Task Whoever_is_told_to_stop_when_the_new_data_are_there_says_that_they_are()
    {
        var hold = new Hold(_proxy, "ANALYZE");
        await using var run = Start(isChanged: false);
        await hold.SeeAsync(run);

        run.Terminate();
        hold.Release();

        (await run.ExitAsync()).ShouldBe(0, run.Log);
        run.Log.ShouldContain("the new data are there");
        (await _database.DumpAsync()).ShouldBe(_before.Replace("first", "second", StringComparison.Ordinal));
        await _database.SeeNobodyAsync();
        (await _namespace.HolderAsync(_database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_is_told_to_stop_while_the_network_to_the_database_is_dead_stops_all_the_same()
    {
        await using var network = _database.NewForwarder();
        await using var writer = await _database.OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await writer.RunAsync("UPDATE pets SET name = 'somebody''s'", default);
        await using var run = Start(isChanged: false, network.Port);
        await Eventually.See("waiting for the tables", () => run.Log.Contains("waiting for the tables", StringComparison.Ordinal), () => run.Log);

        network.Freeze();
        run.Terminate();

        (await run.ExitAsync()).ShouldBe(ExitCodes.Incomplete, run.Log);
        (await _namespace.HolderAsync(_database)).ShouldBeEmpty();
        await transaction.RollbackAsync();
        (await _database.DumpAsync()).ShouldBe(_before);
    }

    public async Task InitializeAsync()
    {
        _database = await RaceDatabase.CreateAsync();
        _namespace = await cluster.NewNamespaceAsync();
        _proxy = _database.NewProxy();
        await Run.Of(_database, cluster.Files.Plain, cluster.Files.First).StartAsync();
        _before = await _database.DumpAsync();
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _namespace.DisposeAsync();
        await _database.DisposeAsync();
    }

    private SlipwayProcess Start(bool isChanged, int? port = null) => RaceProcesses.Start(
        _database.Through(port ?? _proxy.Port),
        isChanged ? cluster.Files.Wider : cluster.Files.Plain,
        cluster.Files.Second,
        "--kubeconfig", cluster.KubeConfigPath, "--lock-namespace", _namespace.Name, "--wait-for-database", "1s");

    /// <summary>At once, with nobody left who works for the run; and the next one has nothing to wait for.</summary>
    private async Task ShouldBeAsBeforeAsync()
    {
        (await _database.DumpAsync()).ShouldBe(_before);
        await _database.SeeNobodyAsync();
        (await _namespace.HolderAsync(_database)).ShouldBeEmpty();
        await Run.Of(_database, cluster.Files.Plain, cluster.Files.First, Run.Leased(cluster.Client, _namespace)).StartAsync();
        (await _database.DumpAsync()).ShouldBe(_before);
        (await _database.TracesAsync()).ShouldBeEmpty();
    }
}
