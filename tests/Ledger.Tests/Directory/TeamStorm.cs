using System.Collections.Concurrent;
using Npgsql;
using Slipway.Ledger.Directory;
using Slipway.Ledger.Slugs;
using Slipway.Testing;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>What came of a step.</summary>
internal enum TeamEvent
{
    Registered,
    Transferred,
    TakenOver,
    Dead,
    Ended,
    InUse,
    SlugsExhausted,
    Bound,
    TeamUnknown,
    Freed,
    SlugGiven,
    StackReplaced,
}

/// <summary>A few names of teams and stacks that many change at once; they share fewer slugs than there are names.</summary>
internal sealed class TeamStorm
{
    private const int Names = 20;
    private const int StackCount = 6;

    private static readonly string[] Subjects = ["ada", "ben", "cyd", "dan"];

    private readonly ReleaseLedger _releases;
    private readonly string _name;
    private readonly ConcurrentDictionary<string, TeamRegistration> _newest = new();
    private readonly ConcurrentDictionary<string, StackRow> _stacks = new();
    private long _generation;

    private TeamStorm(NpgsqlDataSource dataSource, FakeClock clock, string name) =>
        (_releases, _name) = (Scene.LedgerOf(dataSource, clock), name);

    /// <summary>How often each thing happened.</summary>
    public ConcurrentDictionary<TeamEvent, int> Happened { get; } = new();

    public static async Task<TeamStorm> CreateAsync(NpgsqlDataSource dataSource, FakeClock clock, string name)
    {
        var storm = new TeamStorm(dataSource, clock, name);
        for (var number = 0; number < StackCount; number++)
        {
            await storm.ReplaceStackAsync($"{name}-{number}", restored: true);
        }

        return storm;
    }

    public Task StepAsync(DirectoryLedger ledger, Random random)
    {
        var team = $"{_name}-{random.Next(Names)}";
        var stack = $"{_name}-{random.Next(StackCount)}";
        return random.Next(10) switch
        {
            < 4 => RegisterAsync(ledger, Change(team, random, Uid(team))),
            4 => RegisterAsync(ledger, Change(team, random, Guid.NewGuid())),
            5 or 6 => EndAsync(ledger, team),
            7 => BindAsync(ledger, stack, random.Next(3) == 0 ? null : Uid(team)),
            8 => AllocateAsync(ledger, stack),
            _ => ReplaceStackAsync(stack, restored: random.Next(2) == 0),
        };
    }

    /// <summary>The object as somebody has edited it: perhaps another owner, perhaps fewer members, perhaps another display name.</summary>
    private TeamRegistration Change(string name, Random random, Guid uid)
    {
        var members = Subjects.Where(_ => random.Next(2) == 0).ToArray();
        var displayName = random.Next(8) == 0 ? $"{_name} {random.Next(3)}" : _name;
        return _newest[name] = new TeamRegistration(
            uid, name, Interlocked.Increment(ref _generation), displayName, Subjects[random.Next(Subjects.Length)], members,
            new SlugAsk(SlugKind.Team, null, displayName, name));
    }

    private Guid Uid(string name) => _newest.TryGetValue(name, out var newest) ? newest.Uid : Guid.NewGuid();

    private async Task RegisterAsync(DirectoryLedger ledger, TeamRegistration registration)
    {
        var asked = false;
        var outcome = await SlugRace.InsistAsync(() => ledger.RegisterTeamAsync(
            registration,
            _ =>
            {
                asked = true;
                return Task.FromResult(true);
            },
            default));
        Count(outcome switch
        {
            { SlugsExhausted: true } => TeamEvent.SlugsExhausted,
            { FormerOwner: not null } => TeamEvent.Transferred,
            { Row.IsLive: false } => TeamEvent.Dead,
            _ => asked ? TeamEvent.TakenOver : TeamEvent.Registered,
        });
    }

    /// <summary>Whoever ends a team forgets it: the next object of its name is a new one.</summary>
    private async Task EndAsync(DirectoryLedger ledger, string name)
    {
        var end = await SlugRace.InsistAsync(() => ledger.EndTeamAsync(Uid(name), name, default));
        Count(end.IsDeleted ? TeamEvent.Ended : TeamEvent.InUse);
        if (end.IsDeleted)
        {
            _newest.TryRemove(name, out _);
        }
    }

    private async Task BindAsync(DirectoryLedger ledger, string stack, Guid? team)
    {
        var outcome = await SlugRace.InsistAsync(() => ledger.BindStackAsync(_stacks[stack].Uid, 1, team, default));
        Count(outcome switch
        {
            BindOutcome.Bound => team is null ? TeamEvent.Freed : TeamEvent.Bound,
            BindOutcome.TeamUnknown => TeamEvent.TeamUnknown,
            BindOutcome.Outdated => TeamEvent.StackReplaced,
        });
    }

    private async Task AllocateAsync(DirectoryLedger ledger, string stack)
    {
        var ask = new SlugAsk(SlugKind.Stack, null, _name, stack);
        var entry = await SlugRace.InsistAsync(() => ledger.AllocateStackSlugAsync(_stacks[stack].Uid, ask, default));
        Count(entry?.Slug is null ? TeamEvent.StackReplaced : TeamEvent.SlugGiven);
    }

    /// <param name="name">Its name.</param>
    /// <param name="restored">Whether it takes over what the former one has, which is torn down otherwise.</param>
    private async Task ReplaceStackAsync(string name, bool restored)
    {
        if (!restored)
        {
            await SlugRace.InsistAsync(() => _releases.BeginTeardownAsync(_stacks[name].Uid, default));
        }

        var registration = Scene.Registration(name);
        _stacks[name] = await SlugRace.InsistAsync(() => _releases.RegisterStackAsync(registration, default));
        Count(TeamEvent.StackReplaced);
    }

    private void Count(TeamEvent happened) => Happened.AddOrUpdate(happened, 1, (_, count) => count + 1);
}
