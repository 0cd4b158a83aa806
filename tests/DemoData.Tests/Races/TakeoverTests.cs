using Shouldly;
using Slipway.Operator.Commands;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.DemoData.Tests.Races;

/// <summary>
/// A holder is paused (SIGSTOP) for longer than its lease, just before the database hears of its next statement. Another one takes over and
/// finishes. The first wakes, its statement arrives, and it has changed nothing.
/// </summary>
[Collection(RaceCollection.Name)]
public sealed class TakeoverTests(RaceCluster cluster) : IAsyncLifetime
{
    private const string Plain = "the same schema";
    private const string Wider = "another schema";
    private const string Seed = "a seed";
    private const string StepBegins = "SELECT token FROM slipway_demo.fence WHERE token";

    private RaceDatabase _database = null!;
    private TestNamespace _namespace = null!;
    private PostgresProxy _proxy = null!;
    private string _before = "";

    /// <summary>Where, by the beginning of the statement and which one of those it is; and what is run.</summary>
    public static TheoryData<string, string, int, string> Points => new()
    {
        { "it has the lease, and is about to look at who was there before", "SELECT pid, started_at", 1, Plain },
        { "it is about to be recorded", "INSERT INTO slipway_demo.backends", 1, Plain },
        { "it is recorded and confirmed, and about to take the lock", "SELECT pg_advisory_lock", 1, Plain },
        { "it has the lock, and is about to mint its token", "UPDATE slipway_demo.fence", 1, Plain },
        { "it has its token, and is about to begin its first step", StepBegins, 1, Plain },
        { "its first step is about to be committed", "COMMIT", 1, Plain },
        { "its second step is about to begin", StepBegins, 2, Plain },
        { "it is in the middle of its migrations", "CREATE TYPE kind", 1, Plain },
        { "it is about to delete the old rows", "WITH d0 AS (DELETE", 1, Plain },
        { "it is in the middle of COPY", PostgresRequest.CopyData, 1, Plain },
        { "the new rows are about to be committed", "COMMIT", 2, Plain },
        { "it is about to analyze", "ANALYZE", 1, Plain },
        { "the schema beside is about to be committed", "COMMIT", 2, Wider },
        { "it is about to swap", StepBegins, 3, Wider },
        { "it is about to lock the tables for the swap", "LOCK TABLE", 1, Wider },
        { "the swap is about to be committed", "COMMIT", 3, Wider },
        { "it is about to begin to seed", StepBegins, 1, Seed },
        { "what was seeded is about to be committed", "COMMIT", 1, Seed },
    };

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Whoever_was_paused_past_his_lease_changes_nothing_any_more(string when, string statement, int occurrence, string what)
    {
        var hold = new Hold(_proxy, statement, occurrence);
        await using var first = StartFirst(what);
        await hold.SeeAsync(first);
        first.Pause();

        var second = Second();
        await second.StartAsync();
        await ShouldBeOfTheSecondAsync(when);
        hold.Release();
        first.Resume();

        (await first.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.LockLost), $"{when}: {first.Log}");
        await ShouldBeOfTheSecondAsync(when);
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task A_commit_that_arrives_while_its_holder_is_paused_was_before_the_other_one_took_over()
    {
        var hold = new Hold(_proxy, "COMMIT", 2);
        await using var first = StartFirst(Plain);
        await hold.SeeAsync(first);
        first.Pause();
        hold.Release();
        await Eventually.See("the rows of the first", _database.DumpAsync, dump => dump == RowsOf("second"));

        await Second().StartAsync();
        first.Resume();

        (await first.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.LockLost), first.Log);
        await ShouldBeOfTheSecondAsync("committed");
        await ShouldBeOverAsync();
    }

    [Theory]
    [InlineData("UPDATE slipway_demo.fence", 1)]
    [InlineData("CREATE TYPE kind", 1)]
    [InlineData(PostgresRequest.CopyData, 1)]
    [InlineData("COMMIT", 2)]
    public async Task Where_the_processes_of_the_first_cannot_be_ended_the_second_waits_for_them(string statement, int occurrence)
    {
        var hold = new Hold(_proxy, statement, occurrence);
        await using var first = StartFirst(Plain);
        await hold.SeeAsync(first);
        first.Pause();
        await _database.RunAsync("DELETE FROM slipway_demo.backends");

        var second = Second();
        var running = second.StartAsync();
        await Eventually.See(
            "waiting for the lock of the database", () => second.Log.Lines.Any(line => line.Contains("waiting for the lock of the database", StringComparison.Ordinal)));
        (await _database.DumpAsync()).ShouldBe(_before);
        hold.Release();
        first.Resume();

        (await first.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.LockLost), first.Log);
        await running;
        await ShouldBeOfTheSecondAsync(statement);
        await ShouldBeOverAsync();
    }

    [Theory]
    [InlineData("SELECT pid, started_at", 1)]
    [InlineData("INSERT INTO slipway_demo.backends", 1)]
    [InlineData("SELECT pg_advisory_lock", 1)]
    [InlineData(PostgresRequest.CopyData, 1)]
    [InlineData("COMMIT", 2)]
    public async Task Whoever_wakes_before_he_can_know_that_his_lease_was_deleted_changes_nothing_either(string statement, int occurrence)
    {
        var hold = new Hold(_proxy, statement, occurrence);
        await using var first = RaceProcesses.Start(
            _database.Through(_proxy.Port), cluster.Files.Plain, cluster.Files.Second, "--kubeconfig", cluster.KubeConfigPath, "--lock-namespace", _namespace.Name);
        await hold.SeeAsync(first);
        first.Pause();
        await cluster.Server.DeleteAsync(_namespace.LeasePath(_database));

        await Second().StartAsync();
        hold.Release();
        first.Resume();

        (await first.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.LockLost), first.Log);
        await ShouldBeOfTheSecondAsync(statement);
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task Whoever_was_paused_while_he_waited_does_not_take_what_another_one_has_taken_since()
    {
        var (earlier, earlierGate) = Run.Gated(_database, cluster.Files.Plain, cluster.Files.First, Run.Leased(cluster.Client, _namespace, "earlier"));
        var (later, laterGate) = Run.Gated(_database, cluster.Files.Plain, cluster.Files.Third, Run.Leased(cluster.Client, _namespace, "later"));
        var first = earlier.StartAsync();
        await earlierGate.Begun;
        await using var waiting = StartFirst(Plain);
        await Eventually.See("waiting", () => waiting.Log.Contains("is held by earlier", StringComparison.Ordinal), () => waiting.Log);
        waiting.Pause();
        earlierGate.Open();
        await first;
        var second = later.StartAsync();
        await laterGate.Begun;

        waiting.Resume();
        await Eventually.See("waiting again", () => waiting.Log.Contains("is held by later", StringComparison.Ordinal), () => waiting.Log);
        laterGate.Open();
        await second;

        (await waiting.ExitAsync()).ShouldBe(0, waiting.Log);
        (await _database.DumpAsync()).ShouldBe(RowsOf("second"));
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task A_holder_that_cannot_reach_the_API_server_stops_before_others_may_take_over()
    {
        await using var api = new TcpForwarder(cluster.Server.Address.Host, cluster.Server.Address.Port);
        var path = Path.Combine(Path.GetTempPath(), $"slipway-test-{Guid.NewGuid():N}.kubeconfig");
        await File.WriteAllTextAsync(path, (await cluster.ReadKubeConfigAsync()).ToJsonString().Replace($":{cluster.Server.Address.Port}", $":{api.Port}", StringComparison.Ordinal));
        await using var writer = await _database.OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await writer.RunAsync("UPDATE pets SET name = 'somebody''s'", default);
        await using var first = RaceProcesses.Start(_database.Url, cluster.Files.Plain, cluster.Files.Second, RaceProcesses.Lease(path, _namespace));
        await Eventually.See("waiting for the tables", () => first.Log.Contains("waiting for the tables", StringComparison.Ordinal), () => first.Log);

        api.Freeze();

        (await first.ExitAsync()).ShouldBe(ExitCodes.Of(DemoDataFault.LockLost), first.Log);
        (await _namespace.HolderAsync(_database)).ShouldStartWith("reset-demo-data on");
        await _database.SeeNobodyAsync();
        await transaction.RollbackAsync();
        (await _database.DumpAsync()).ShouldBe(_before);
        await Second().StartAsync();
        await ShouldBeOfTheSecondAsync("reached");
        await ShouldBeOverAsync();
        File.Delete(path);
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

    private SlipwayProcess StartFirst(string what) => RaceProcesses.Start(
        _database.Through(_proxy.Port),
        what switch { Plain => cluster.Files.Plain, Wider => cluster.Files.Wider, _ => null },
        cluster.Files.Second,
        RaceProcesses.Lease(cluster.KubeConfigPath, _namespace));

    private Run Second() => Run.Of(_database, cluster.Files.Plain, cluster.Files.Third, Run.Leased(cluster.Client, _namespace));

    private async Task ShouldBeOfTheSecondAsync(string when) => (await _database.DumpAsync()).ShouldBe(RowsOf("third"), when);

    private string RowsOf(string data) => _before.Replace("first", data, StringComparison.Ordinal);

    private async Task ShouldBeOverAsync()
    {
        await _database.SeeNobodyAsync();
        (await _database.TracesAsync()).ShouldBeEmpty();
        (await _namespace.HolderAsync(_database)).ShouldBeEmpty();
    }
}
