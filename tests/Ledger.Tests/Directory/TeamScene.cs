using System.Collections.Concurrent;
using Npgsql;
using Slipway.Ledger.Directory;
using Slipway.Ledger.Slugs;
using Slipway.Retry;
using Slipway.Testing;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>Teams and stacks that share a name of the test's own, with the ledgers that they are written to.</summary>
internal sealed class TeamScene
{
    private readonly NpgsqlDataSource _dataSource;

    private TeamScene(NpgsqlDataSource dataSource, FakeClock clock, string name, DirectoryLedger ledger)
    {
        (_dataSource, Clock, Name, Ledger) = (dataSource, clock, name, ledger);
        Releases = Scene.LedgerOf(dataSource, clock);
    }

    public FakeClock Clock { get; }

    /// <summary>What every display name here is, unless the test says otherwise: a slug as it stands.</summary>
    public string Name { get; }

    public DirectoryLedger Ledger { get; }

    public ReleaseLedger Releases { get; }

    public static TeamScene Create(LedgerDatabase database, NpgsqlDataSource? dataSource = null)
    {
        var clock = new FakeClock(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));
        dataSource ??= database.DataSource;
        return new TeamScene(dataSource, clock, $"shop-{Guid.NewGuid():N}", LedgerOf(dataSource, clock));
    }

    public static DirectoryLedger LedgerOf(
        NpgsqlDataSource dataSource, TimeProvider clock, int retries = 5, ConcurrentQueue<Collision>? collisions = null) =>
        new(dataSource, clock, new ConflictRetry(
            new ConflictRetryOptions { MaxRetries = retries },
            TimeProvider.System,
            new Random(42),
            collision => collisions?.Enqueue(collision)));

    /// <summary>Another ledger of the same teams and stacks.</summary>
    public TeamScene With(DirectoryLedger ledger) => new(_dataSource, Clock, Name, ledger);

    /// <summary>A new object, owned by Ada.</summary>
    /// <param name="name">What its name ends with.</param>
    /// <param name="members">Who else belongs to it.</param>
    public TeamRegistration Team(string name = "team", params IReadOnlyList<string> members) =>
        new(Guid.NewGuid(), $"{Name}-{name}", 1, Name, "ada", members, Ask(SlugKind.Team));

    public SlugAsk Ask(SlugKind kind) => new(kind, Wanted: null, Name, Fallback: "fallback");

    /// <summary>Registers a team whose object is there.</summary>
    public Task<TeamOutcome> RegisterAsync(TeamRegistration registration) =>
        Ledger.RegisterTeamAsync(registration, _ => Task.FromResult(true), default);

    public async Task<TeamRow> CreateAsync(TeamRegistration registration)
    {
        var outcome = await RegisterAsync(registration);
        return outcome.Row ?? throw new InvalidOperationException($"Not created: {outcome}");
    }

    public Task<TeamRow> CreateAsync(string name = "team", params IReadOnlyList<string> members) => CreateAsync(Team(name, members));

    public Task<TeamEnd> EndAsync(TeamRow team) => Ledger.EndTeamAsync(team.Uid, team.Name, default);

    public Task<StackRow> RegisterStackAsync(string name = "stack", long generation = 1) =>
        Releases.RegisterStackAsync(Scene.Registration($"{Name}-{name}", generation: generation), default);

    public Task<StackEntry?> AllocateAsync(StackRow stack) => Ledger.AllocateStackSlugAsync(stack.Uid, Ask(SlugKind.Stack), default);

    public async Task<StackEntry> FindAsync(StackRow stack) => (await Ledger.FindStackAsync(stack.Uid, default))!;

    public async Task<TeamRow?> FindAsync(Guid uid) =>
        await _dataSource.CreateCommand(TeamQueries.ByUid).With(uid).FirstAsync(TeamQueries.Read, default);

    /// <summary>Every slug of this kind that begins with the name, in order of the numbers at the end.</summary>
    public Task<List<string>> SlugsAsync(SlugKind kind) => ListAsync("""
        SELECT slug FROM slipway.slugs WHERE kind = $1::slipway.slug_kind AND slug LIKE $2 || '%' ORDER BY length(slug), slug
        """, command => command.With(kind.ToSql()).With(Name));

    /// <summary>Who belongs to it, in order of the alphabet; the owner is marked.</summary>
    public async Task<string> MembersAsync(TeamRow team) => string.Join(' ', await ListAsync("""
        SELECT subject || CASE role WHEN 'owner' THEN '*' ELSE '' END FROM slipway.team_members
        WHERE team_id = $1 ORDER BY subject COLLATE "C"
        """, command => command.With(team.Id)));

    /// <summary>The rows of these teams, of their members, and of all slugs, down to the versions of the rows.</summary>
    public Task<List<string>> DumpAsync() => ListAsync("""
        SELECT t.ctid::text || t.xmin::text || t::text FROM slipway.teams t WHERE name LIKE $1 || '%'
        UNION ALL SELECT m.ctid::text || m.xmin::text || m::text FROM slipway.team_members m
        JOIN slipway.teams t ON t.id = m.team_id WHERE t.name LIKE $1 || '%'
        UNION ALL SELECT g.ctid::text || g.xmin::text || g::text FROM slipway.slugs g WHERE slug LIKE $1 || '%'
        ORDER BY 1
        """, command => command.With(Name));

    /// <summary>What must not be, in the whole database.</summary>
    public Task<List<string>> ViolationsAsync() => ListAsync(LedgerInvariants.Violations, command => command);

    /// <summary>A statement beside the ledger.</summary>
    public async Task RunAsync(string sql) => await _dataSource.CreateCommand(sql).RunAsync(default);

    public Task<List<string>> ListAsync(string sql, Func<NpgsqlCommand, NpgsqlCommand> with) =>
        with(_dataSource.CreateCommand(sql)).ListAsync(row => row.GetString(0), default);
}
