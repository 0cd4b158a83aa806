using Npgsql;
using Shouldly;
using Slipway.Ledger.Directory;
using Slipway.Ledger.Env;
using Slipway.Ledger.Slugs;
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
        { "old of stack", ReleaseArchive.OldOfStack, [DateTimeOffset.UnixEpoch, 7L, 100, "team", "stack-7", 500] },
        { "old without stack", ReleaseArchive.OldWithoutStack, [DateTimeOffset.UnixEpoch, 500] },
        { "begin rollout", Moves.BeginRollout, [Somebody, 1L, DateTimeOffset.UnixEpoch] },
        { "revision", EnvRevisions.ByNumber, [7L, 3L] },
        { "names of revision", EnvRevisions.NamesByNumber, [7L, 3L] },
        { "newest revision, by the trigger", "SELECT max(number) FROM slipway.env_revisions WHERE stack_id = $1", [7L] },
        { "patch by uid", EnvPatches.ByUid, [Somebody] },
        { "twin of patch", EnvPatches.Twin, ["team", "patch-3", Somebody, new byte[] { 1 }, ""] },
        { "release of patch made", EnvPatches.MarkMade, [Somebody] },
        { "begin projection", EnvProjections.Begin, [7L, 3L] },
        { "end projection", EnvProjections.End, [7L, 3L] },
        { "obsolete revisions", EnvProjections.Obsolete, [7L] },
        { "team by uid", TeamQueries.ByUid, [Somebody] },
        { "teams of cluster", TeamQueries.OfCluster, [Somebody] },
        { "namesakes of team", TeamQueries.LockNamesakes, [Somebody, "team-7"] },
        { "stacks of team", Teams.StacksOf, [7L, 5] },
        { "stacks of team, by the trigger", "SELECT FROM slipway.stacks WHERE team_id = $1 AND lifecycle <> 'deleted'", [7L] },
        { "members of team", "DELETE FROM slipway.team_members WHERE team_id = $1", [7L] },
        { "entry of stack", StackDirectory.Find, [Somebody] },
        { "slugs that are taken", SlugAttempt.Taken, ["team", new[] { "slug-7", "slug-7-1", "slug-7-2" }] },
        { "slug of what ended, by the trigger", "DELETE FROM slipway.slugs WHERE stack_id = $1", [7L] },
        { "whether a revision is under an older key", EnvReencryption.AnyOld, ["first"] },
        { "revisions under older keys", EnvReencryption.OldRevisions, ["first", 4000L, 3L] },
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
        var arguments = string.Join(", ", values.Select(value => value switch
        {
            long or int => $"{value}",
            string[] texts => $"'{{{string.Join(',', texts)}}}'",
            byte[] bytes => $"'\\x{Convert.ToHexString(bytes)}'",
            _ => $"'{value}'",
        }));
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
        byte[] => "bytea",
        string[] => "text[]",
        _ => "text",
    };

    /// <summary>A million releases: 5000 stacks with 200 each, the last two of some of them in flight, and older ones in the archive.</summary>
    public sealed class History : IAsyncLifetime
    {
        /// <summary>How a plan looks does not depend on what a crash would leave of these rows.</summary>
        private static readonly string[] Tables = ["transitions", "releases_archive", "releases", "stack_sources", "env_patches", "env_revisions", "slugs", "stacks"];

        private readonly LedgerDatabase _database = new();

        public NpgsqlDataSource DataSource => _database.DataSource;

        public async Task InitializeAsync()
        {
            await _database.InitializeAsync();

            // Stacks and revisions refer to each other, and what is logged must not refer to what is not.
            await RunAsync("ALTER TABLE slipway.stacks DROP CONSTRAINT stacks_env_revision");
            foreach (var table in Tables)
            {
                await RunAsync($"ALTER TABLE slipway.{table} SET UNLOGGED");
            }

            await CreateTeamsAsync();
            await RunAsync("""
                INSERT INTO slipway.stacks (uid, namespace, name, generation, concurrency, created_at, cluster, team_id)
                SELECT gen_random_uuid(), 'team', 'stack-' || n, 1, 'parallel', now(), gen_random_uuid(), t.id
                FROM generate_series(1, 5000) AS n JOIN slipway.teams AS t ON t.name = 'team-' || n
                """);
            await RunAsync("INSERT INTO slipway.slugs (kind, slug, base, at, stack_id) SELECT 'stack', 'slug-' || id, '', now(), id FROM slipway.stacks");
            await RunAsync("""
                INSERT INTO slipway.stack_sources (stack_id, generation, made, landed, source_hash, template_hash)
                SELECT id, 1, true, true, '', '' FROM slipway.stacks
                """);
            await RunAsync("ALTER TABLE slipway.releases DISABLE TRIGGER ALL");
            await RunAsync("""
                INSERT INTO slipway.releases (uid, namespace, name, stack_id, stack_uid, stack_name, spec_hash, phase, version_day, version_number,
                    image_reference, exclusive, reason, message, step, created_at, changed_at, started_at, finished_at)
                SELECT gen_random_uuid(), 'team', 'release-' || n, s.id, s.uid, s.name, md5(n::text),
                    (CASE WHEN n = 198 THEN 'active' WHEN n > 198 AND s.id % 50 = 7 THEN 'pending' WHEN n % 5 = 0 THEN 'failed' ELSE 'superseded' END)::slipway.phase,
                    DATE '2026-11-22' + n / 10, n, 'registry/app:' || n, false, 'Because', repeat('x', 60), 1, now(), now(), now(),
                    CASE WHEN n > 198 AND s.id % 50 = 7 THEN NULL ELSE now() END
                FROM slipway.stacks AS s, generate_series(1, 200) AS n
                """);
            await RunAsync("ALTER TABLE slipway.releases ENABLE TRIGGER ALL");
            await RunAsync($"""
                INSERT INTO slipway.releases_archive ({ReleaseArchive.Columns}, archived_at, transitions)
                SELECT {ReleaseArchive.Columns.Replace(" uid,", " gen_random_uuid(),", StringComparison.Ordinal).Replace("spec_hash", "'archived'", StringComparison.Ordinal)}, now(), '[]'
                FROM slipway.releases WHERE phase = 'failed'
                """);
            await RunAsync("ALTER TABLE slipway.env_revisions DISABLE TRIGGER ALL");
            await RunAsync("""
                INSERT INTO slipway.env_revisions (stack_id, number, at, stack_uid, patch_uid, total_bytes, projected, key_id, content, keys, overridden, keys_set, keys_unset)
                SELECT s.id, n, now(), s.uid, gen_random_uuid(), 9, n > 18, 'first', '', '{A}', '{}', '{A}', '{}'
                FROM slipway.stacks AS s, generate_series(1, 20) AS n
                """);
            await RunAsync("ALTER TABLE slipway.env_revisions ENABLE TRIGGER ALL");
            await RunAsync("ALTER TABLE slipway.env_patches DISABLE TRIGGER ALL");
            await RunAsync("""
                INSERT INTO slipway.env_patches (stack_id, revision, at, uid, stack_uid, outcome, release, keys_set, keys_unset, total_keys, total_bytes,
                    namespace, name, stack_name, rerun_token, reason, message, identity)
                SELECT s.id, n, now(), gen_random_uuid(), s.uid, 'applied', true, 1, 0, 1, 9,
                    'team', 'patch-' || n, s.name, '', 'Applied', '', decode(md5(n::text), 'hex')
                FROM slipway.stacks AS s, generate_series(1, 20) AS n
                """);
            await RunAsync("ALTER TABLE slipway.env_patches ENABLE TRIGGER ALL");
            await RunAsync("ALTER TABLE slipway.transitions DISABLE TRIGGER ALL");
            await RunAsync("""
                INSERT INTO slipway.transitions (id, release_id, at, to_phase, reason, message)
                SELECT row_number() OVER (), id, now(), phase, '', repeat('x', 60) FROM slipway.releases
                """);
            await RunAsync("ANALYZE slipway.teams, slipway.team_members, slipway.slugs, slipway.stacks, slipway.releases, slipway.transitions, slipway.releases_archive, slipway.stack_sources, slipway.env_revisions, slipway.env_patches");
        }

        public Task DisposeAsync() => _database.DisposeAsync();

        /// <summary>One team for each stack, with an owner and two members.</summary>
        private Task CreateTeamsAsync() => RunAsync("""
            INSERT INTO slipway.teams (uid, name, generation, owner, created_at, cluster)
            SELECT gen_random_uuid(), 'team-' || n, 1, 'ada', now(), gen_random_uuid() FROM generate_series(1, 5000) AS n;
            INSERT INTO slipway.team_members (team_id, role, subject)
            SELECT id, CASE subject WHEN 'ada' THEN 'owner' ELSE 'member' END::slipway.team_role, subject
            FROM slipway.teams, unnest('{ada,ben,cyd}'::text[]) AS subject;
            INSERT INTO slipway.slugs (kind, slug, base, at, team_id) SELECT 'team', 'slug-' || id, '', now(), id FROM slipway.teams
            """);

        private async Task RunAsync(string sql)
        {
            await using var command = DataSource.CreateCommand(sql);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
    }
}
