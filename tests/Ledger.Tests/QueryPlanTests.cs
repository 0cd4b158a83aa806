using Npgsql;
using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>How the database runs the hot queries once there is a history.</summary>
public sealed class QueryPlanTests(QueryPlanTests.History history) : IClassFixture<QueryPlanTests.History>
{
    private static readonly Guid Somebody = Guid.NewGuid();

    public static TheoryData<string, string, object[]> HotQueries => new()
    {
        { "by uid", ReleaseQueries.ByUid, [Somebody] },
        { "twin", ReleaseQueries.Twin, ["team", "release-42", Somebody, "hash", ""] },
        { "in flight of stack", ReleaseQueries.InFlightOfStack, [7L] },
        { "admission holders", ReleaseQueries.AdmissionHolders, [7L, false] },
        { "by version", ReleaseQueries.ByVersion, ["team", "stack-7", new DateOnly(2026, 11, 22), 3] },
        { "newest of a name", ReleaseQueries.NewestOfName, ["team", "release-42", Somebody] },
        { "slot holder", ReleaseQueries.SlotHolder, [7L, new DateOnly(2026, 11, 22), 3] },
        { "in flight", ReleaseQueries.InFlight, [] },
        { "active of stack", ReleaseQueries.ActiveOfStack, [7L] },
        { "newest of stack", ReleaseQueries.NewestOfStack, [7L, 10] },
        { "newest version", ReleaseQueries.NewestVersion, ["team", "stack-7"] },
        { "stack by uid", StackQueries.ByUid, [Somebody] },
        { "stack of release", StackQueries.LockOfRelease, [Somebody] },
        { "namesakes", Stacks.LockNamesakes, [Somebody, "team", "stack-7"] },
        { "source of stack", StackSources.ByStackUid, [Somebody] },
        { "source made", StackSources.MarkMade, [Somebody, "web-2"] },
        { "await build", Moves.AwaitBuild, [Somebody, DateTimeOffset.UnixEpoch] },
        { "stacks of cluster", StackQueries.OfCluster, [Somebody] },
        { "begin rollout", Moves.BeginRollout, [Somebody, 1L, DateTimeOffset.UnixEpoch] },
    };

    [Theory]
    [MemberData(nameof(HotQueries))]
    public async Task No_hot_query_reads_a_whole_table(string name, string sql, object[] values)
    {
        foreach (var generic in new[] { false, true })
        {
            var plan = await ExplainAsync(sql, values, generic);
            plan.ShouldNotContain("Seq Scan", customMessage: $"{name}:\n{plan}");
            plan.ShouldContain("Index", customMessage: $"{name}:\n{plan}");
        }
    }

    [Fact]
    public async Task A_query_without_an_index_would_be_seen() =>
        (await ExplainAsync("SELECT FROM slipway.releases WHERE message = $1", ["x"], false)).ShouldContain("Seq Scan on releases");

    /// <summary>The plan for these values, or the one that a prepared statement falls back to, which must do for all values.</summary>
    private async Task<string> ExplainAsync(string sql, object[] values, bool generic)
    {
        await using var connection = await history.DataSource.OpenConnectionAsync();
        await new NpgsqlCommand($"SET plan_cache_mode = force_{(generic ? "generic" : "custom")}_plan", connection).RunAsync(default);
        var arguments = string.Join(", ", values.Select(value => value is long or int ? $"{value}" : $"'{value}'"));
        var types = string.Join(", ", values.Select(TypeOf));
        var prefix = values.Length == 0 ? ("", "") : ($"({types})", $"({arguments})");
        await new NpgsqlCommand($"PREPARE hot {prefix.Item1} AS {sql}", connection).RunAsync(default);
        var lines = await new NpgsqlCommand($"EXPLAIN EXECUTE hot {prefix.Item2}", connection).ListAsync(row => row.GetString(0), default);
        return string.Join('\n', lines);
    }

    private static string TypeOf(object value) => value switch
    {
        Guid => "uuid",
        long => "bigint",
        int => "integer",
        bool => "boolean",
        DateOnly => "date",
        DateTimeOffset => "timestamptz",
        _ => "text",
    };

    /// <summary>500 stacks with 120 releases each, the last two of some of them in flight.</summary>
    public sealed class History : IAsyncLifetime
    {
        private readonly LedgerDatabase _database = new();

        public NpgsqlDataSource DataSource => _database.DataSource;

        public async Task InitializeAsync()
        {
            await _database.InitializeAsync();
            await RunAsync("""
                INSERT INTO slipway.stacks (uid, namespace, name, generation, concurrency, created_at, cluster, lifecycle, deleted_at)
                SELECT gen_random_uuid(), 'team', 'stack-' || n, 1, 'parallel', now(), gen_random_uuid(), 'live', NULL FROM generate_series(1, 500) AS n
                """);
            await RunAsync("ALTER TABLE slipway.releases DISABLE TRIGGER USER");
            await RunAsync("""
                INSERT INTO slipway.releases (uid, namespace, name, stack_id, stack_uid, stack_name, spec_hash, phase, version_day, version_number,
                    image_reference, exclusive, reason, message, step, created_at, changed_at, started_at, finished_at)
                SELECT gen_random_uuid(), 'team', 'release-' || n, s.id, s.uid, s.name, md5(n::text),
                    (CASE WHEN n = 118 THEN 'active' WHEN n > 118 AND s.id % 50 = 7 THEN 'pending' WHEN n % 5 = 0 THEN 'failed' ELSE 'superseded' END)::slipway.phase,
                    DATE '2026-11-22' + n / 10, n, 'registry/app:' || n, false, 'Because', repeat('x', 60), 1, now(), now(), now(),
                    CASE WHEN n > 118 AND s.id % 50 = 7 THEN NULL ELSE now() END
                FROM slipway.stacks AS s, generate_series(1, 120) AS n
                """);
            await RunAsync("ALTER TABLE slipway.releases ENABLE TRIGGER USER");
            await RunAsync("""
                INSERT INTO slipway.transitions (id, release_id, at, to_phase, reason, message)
                SELECT row_number() OVER (), id, now(), phase, '', repeat('x', 60) FROM slipway.releases
                """);
            await RunAsync("ANALYZE slipway.stacks, slipway.releases, slipway.transitions");
        }

        public Task DisposeAsync() => _database.DisposeAsync();

        private async Task RunAsync(string sql) => await DataSource.CreateCommand(sql).RunAsync(default);
    }
}
