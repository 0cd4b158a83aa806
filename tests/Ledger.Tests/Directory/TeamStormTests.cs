using Shouldly;
using Slipway.Ledger.Directory;
using Slipway.Testing;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>Whatever several operators do with a few teams and stacks at once, no committed state breaks a rule.</summary>
public sealed class TeamStormTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private const int Workers = 8;
    private const int Steps = 150;

    [Theory]
    [InlineData(1)]
    [InlineData(20261122)]
    public async Task No_committed_state_has_a_team_with_no_owner_or_two(int seed)
    {
        var clock = new FakeClock(new DateTimeOffset(2026, 11, 22, 23, 0, 0, TimeSpan.Zero));
        await using var elsewhere = database.Connect();
        var storm = await TeamStorm.CreateAsync(database.DataSource, clock, $"storm-{seed}");
        using var stop = new CancellationTokenSource();
        var watching = Task.Run(() => WatchAsync(stop.Token));

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(
            storm, TeamScene.LedgerOf(worker % 2 == 0 ? database.DataSource : elsewhere, clock), new Random(seed + worker)))));
        await stop.CancelAsync();

        var owners = await watching;
        (await LookAsync()).ShouldBeEmpty();

        (await ListAsync("SELECT deadlocks::text FROM pg_stat_database WHERE datname = current_database()")).ShouldBe(["0"]);

        // Nothing is shown by a storm in which nothing happens.
        owners.ShouldBeGreaterThan(10);
        storm.Happened.Keys.ShouldBe(Enum.GetValues<TeamEvent>(), ignoreOrder: true);
    }

    private static async Task WorkAsync(TeamStorm storm, DirectoryLedger ledger, Random random)
    {
        for (var step = 0; step < Steps; step++)
        {
            await storm.StepAsync(ledger, random);
        }
    }

    /// <returns>How many different owners were seen.</returns>
    private async Task<int> WatchAsync(CancellationToken stop)
    {
        var owners = new HashSet<string>();
        do
        {
            (await LookAsync()).ShouldBeEmpty();
            owners.UnionWith(await ListAsync("SELECT id || ' ' || owner FROM slipway.teams WHERE lifecycle = 'live'"));
        }
        while (!stop.IsCancellationRequested);

        return owners.Count;
    }

    private Task<List<string>> LookAsync() => ListAsync(LedgerInvariants.Violations);

    private Task<List<string>> ListAsync(string sql) => database.DataSource.CreateCommand(sql).ListAsync(row => row.GetString(0), default);
}
