using Npgsql;
using Shouldly;
using Slipway.DemoData.Locking;
using Slipway.DemoData.Scripts;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.Races;

/// <summary>What the database does by itself against two holders, when the mutex has let both in.</summary>
public sealed class FenceTests : IAsyncLifetime, IDisposable
{
    private const string EndGuard =
        "SELECT pg_terminate_backend(pid)::text FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted AND objid = 1196576591 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    /// <summary>What sessions of runs wait for locks of others, with what they are.</summary>
    private const string Waiting =
        "SELECT query FROM pg_catalog.pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'slipway %' AND wait_event_type = 'Lock'";

    private readonly RaceFiles _files = new();
    private RaceDatabase _database = null!;
    private string _before = "";

    [Fact]
    public async Task A_step_keeps_the_next_holder_from_beginning_until_it_has_ended()
    {
        var (first, gate) = Run.Gated(_database, _files.Plain, _files.Second);
        var one = first.StartAsync();
        await gate.Begun;
        var token = await _database.TokenAsync();
        await _database.ReadAsync(EndGuard);

        var second = Run.Of(_database, _files.Plain, _files.Second);
        var other = second.StartAsync();
        await SeeWaitingAsync("UPDATE slipway_demo.fence", second);
        (await _database.TokenAsync()).ShouldBe(token);
        gate.Open();

        await ShouldLoseAsync(one);
        await other;
        (await _database.TokenAsync()).ShouldBe(token + 1);
    }

    [Fact]
    public async Task Who_is_waited_for_in_the_middle_of_a_step_is_named_and_not_waited_for_without_end()
    {
        var (first, gate) = Run.Gated(_database, _files.Plain, _files.Second);
        var one = first.StartAsync();
        await gate.Begun;
        await _database.ReadAsync(EndGuard);

        var error = await Should.ThrowAsync<DemoDataException>(Impatient().StartAsync());

        error.Fault.ShouldBe(DemoDataFault.LockHeld);
        error.Message.ShouldMatch("in the middle of making it new: process [0-9]+ of 'slipway in a test' \\(user .*, in a transaction since .* UTC");
        gate.Open();
        await ShouldLoseAsync(one);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_has_lost_the_advisory_lock_commits_nothing(bool isReset)
    {
        var (run, gate) = Run.Gated(_database, isReset ? _files.Plain : null, _files.Second);
        var running = run.StartAsync();
        await gate.Begun;
        await _database.ReadAsync(EndGuard);
        await using var seeder = await _database.OpenAsync();
        await seeder.RunAsync($"SELECT pg_advisory_lock({DatabaseLock.Key})", default);
        gate.Open();

        await ShouldLoseAsync(running);
        (await _database.DumpAsync()).ShouldBe(_before);
    }

    [Fact]
    public async Task Who_waits_for_the_advisory_lock_takes_nothing_from_its_holder()
    {
        var (first, gate) = Run.Gated(_database, _files.Wider, _files.Second);
        var one = first.StartAsync();
        await gate.Begun;
        var token = await _database.TokenAsync();

        var second = Run.Of(_database, _files.Plain, _files.First);
        var other = second.StartAsync();
        await SeeWaitingAsync("SELECT pg_advisory_lock", second);
        (await _database.TokenAsync()).ShouldBe(token);
        gate.Open();

        await Task.WhenAll(one, other);
        (await _database.TokenAsync()).ShouldBe(token + 1);
        (await _database.DumpAsync()).ShouldBe(_before);
    }

    [Fact]
    public async Task Who_waits_for_the_lock_is_not_waited_for_by_its_holder()
    {
        await using var old = await _database.OpenAsync();
        await old.RunAsync("BEGIN; SELECT pg_current_xact_id()", default);
        var (first, gate) = Run.Gated(_database, _files.Wider, _files.Second);
        var one = first.StartAsync();
        await gate.Begun;
        var second = Run.Of(_database, null, _files.Third);
        var other = second.StartAsync();
        await SeeWaitingAsync("SELECT pg_advisory_lock", second);
        var waiting = (await _database.ReadAsync(
            "SELECT pid::text FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database "
            + "WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted")).ShouldHaveSingleItem();

        // What the second sees is from before what the first has written, and he sees it as long as he waits.
        await old.RunAsync("ROLLBACK", default);
        gate.Open();

        await Task.WhenAll(one, other);
        first.Log.Lines.ShouldNotContain(line => line.Contains($"process {waiting} ", StringComparison.Ordinal));
        (await _database.DumpAsync()).ShouldContain("third Rex");
    }

    [Fact]
    public async Task Who_finds_that_his_term_is_over_ends_nobody()
    {
        var (run, gate) = Run.Gated(_database, _files.Plain, _files.Second, _ => new StubMutex("the present one"));
        var running = run.StartAsync();
        await gate.Begun;

        await ShouldLoseAsync(Impatient(new StubMutex("a former one", lasts: false)).StartAsync());

        gate.Open();
        await running;
        (await _database.DumpAsync()).ShouldContain("second Rex");
    }

    [Fact]
    public async Task The_processes_of_a_former_term_are_ended_before_anything_else_is_done()
    {
        var (former, gate) = Run.Gated(_database, _files.Wider, _files.Second, _ => new StubMutex("the former one"));
        var running = former.StartAsync();
        await gate.Begun;

        var next = Run.Of(_database, null, _files.First, _ => new StubMutex("the next one"));
        await next.StartAsync();

        next.Log.Lines.Count(line => line.Contains("which works for the former one: its time is over", StringComparison.Ordinal)).ShouldBe(2, string.Join('\n', next.Log.Lines));
        gate.Open();
        await ShouldLoseAsync(running);
        (await _database.DumpAsync()).ShouldContain("first Rex");
        (await _database.TracesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_began_at_another_time_than_the_recorded_one_of_its_number_is_left_alone()
    {
        await using var stranger = await _database.OpenAsync();
        await _database.RunAsync($"INSERT INTO slipway_demo.backends VALUES ({stranger.ProcessID}, now() - interval '1 day', 'somebody long gone', true)");

        var run = Run.Gated(_database, null, _files.Second, _ => new StubMutex("the next one"));
        run.Gate.Open();
        await run.Run.StartAsync();

        (await stranger.Command("SELECT 1").ScalarAsync<int>(default)).ShouldBe(1);
        (await _database.TracesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_this_role_may_not_look_at_counts_as_living_and_is_waited_for()
    {
        var (former, gate) = Run.Gated(_database, _files.Plain, _files.Second, _ => new StubMutex("the former one"));
        var running = former.StartAsync();
        await gate.Begun;
        await using var role = await OtherRole.CreateAsync(_database);

        var other = Impatient(new StubMutex("the next one"), role.ConnectionString);
        var error = await Should.ThrowAsync<DemoDataException>(other.StartAsync());

        error.Fault.ShouldBe(DemoDataFault.LockHeld);
        error.Message.ShouldMatch("within [0-9]+ s: the former one, process [0-9]+ of 'slipway in a test' \\(user slipway\\), since .* UTC");
        other.Log.Lines.ShouldContain(line => line.Contains("may still work for the former one", StringComparison.Ordinal));
        gate.Open();
        await running;
        (await _database.DumpAsync()).ShouldContain("second Rex");
    }

    public async Task InitializeAsync()
    {
        _database = await RaceDatabase.CreateAsync();
        await Run.Of(_database, _files.Plain, _files.First).StartAsync();
        _before = await _database.DumpAsync();
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public void Dispose() => _files.Dispose();

    /// <summary>Somebody who gives up soon, whatever he waits for.</summary>
    private Run Impatient(IMutex? mutex = null, string? database = null) => new()
    {
        Database = database ?? _database.ConnectionString,
        Data = new DataFolder(_files.Second, null),
        Mutex = _ => mutex,
        WaitForLock = TimeSpan.FromMilliseconds(300),
        WaitForTables = TimeSpan.FromMilliseconds(300),
    };

    private static async Task ShouldLoseAsync(Task running) =>
        (await Should.ThrowAsync<DemoDataException>(running.WaitAsync(Eventually.Patience))).Fault.ShouldBe(DemoDataFault.LockLost);

    /// <summary>Waits until a run is kept waiting at this statement; it must not get past it.</summary>
    private async Task SeeWaitingAsync(string statement, Run run)
    {
        var seen = await Eventually.See(
            $"waiting at {statement}",
            () => _database.ReadAsync(Waiting),
            waiting => waiting.Any(query => query.StartsWith(statement, StringComparison.Ordinal)) || HasLock(run));
        seen.ShouldContain(query => query.StartsWith(statement, StringComparison.Ordinal));

        static bool HasLock(Run run) => run.Log.Lines.Any(line => line.StartsWith("lock ", StringComparison.Ordinal));
    }

    /// <summary>Somebody who may reset the database, but not look at what others do.</summary>
    private sealed class OtherRole(RaceDatabase database, string name) : IAsyncDisposable
    {
        public string ConnectionString { get; } =
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = name, Password = name }.ConnectionString;

        public static async Task<OtherRole> CreateAsync(RaceDatabase database)
        {
            var name = $"race_{Guid.NewGuid():N}";
            await database.RunAsync(
                $"CREATE ROLE {name} LOGIN PASSWORD '{name}'; GRANT USAGE ON SCHEMA slipway_demo TO {name}; GRANT ALL ON ALL TABLES IN SCHEMA slipway_demo TO {name}");
            return new OtherRole(database, name);
        }

        public async ValueTask DisposeAsync() => await database.RunAsync($"DROP OWNED BY {name}; DROP ROLE {name}");
    }
}
