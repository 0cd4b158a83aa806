using Shouldly;
using Slipway.Ledger.Directory;
using Slipway.Ledger.Slugs;
using Slipway.Ledger.Tests.Env;
using Slipway.Testing;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>The database goes away at each request of a call in turn: just before it hears of it, and just after.</summary>
public sealed class DirectoryOutageTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    /// <summary>Every team and stack with all that it has, in words.</summary>
    private const string Show = """
        SELECT t.name || ': ' || concat_ws(' ', t.lifecycle, t.generation, t.owner, (SELECT slug FROM slipway.slugs WHERE team_id = t.id),
            (SELECT string_agg(subject || '/' || role, ',' ORDER BY subject) FROM slipway.team_members WHERE team_id = t.id))
        FROM slipway.teams t WHERE name LIKE $1 || '%'
        UNION ALL
        SELECT s.name || ': ' || concat_ws(' ', s.lifecycle, (SELECT slug FROM slipway.slugs WHERE stack_id = s.id),
            (SELECT name FROM slipway.teams WHERE id = s.team_id))
        FROM slipway.stacks s WHERE name LIKE $1 || '%'
        ORDER BY 1
        """;

    /// <summary>Says what is to be broken, when everything is prepared for it.</summary>
    private delegate Task<Func<DirectoryLedger, Task>> Preparation(TeamScene scene);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_team_is_created_once_wherever_the_database_goes_away(bool heard) => BreakEverywhereAsync(
        heard,
        scene =>
        {
            var registration = scene.Team(members: "ben");
            return Task.FromResult<Func<DirectoryLedger, Task>>(ledger => RegisterAsync(ledger, registration));
        },
        ["shop-team: live 1 ada shop ada/owner,ben/member"],
        [
            "'slipway.teams '", "FOR UPDATE", "INSERT INTO slipway.teams", "INSERT INTO slipway.team_members", "SELECT slug FROM",
            "INSERT INTO slipway.slugs",
        ]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_team_is_transferred_once_wherever_the_database_goes_away(bool heard) => BreakEverywhereAsync(
        heard,
        async scene =>
        {
            var registration = scene.Team(members: ["ben", "cyd"]);
            await scene.CreateAsync(registration);
            return ledger => RegisterAsync(ledger, registration with { Generation = 2, Owner = "ben", Members = ["dan"] });
        },
        ["shop-team: live 2 ben shop ben/owner,dan/member"],
        [
            "DELETE FROM slipway.team_members", "role = 'member' WHERE", "INSERT INTO slipway.team_members", "role = 'owner' WHERE",
            "UPDATE slipway.teams",
        ]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_team_is_taken_over_once_wherever_the_database_goes_away(bool heard) => BreakEverywhereAsync(
        heard,
        async scene =>
        {
            var registration = scene.Team(members: "ben");
            await scene.CreateAsync(registration);
            var restored = registration with { Uid = Guid.NewGuid(), Owner = "cyd" };
            return ledger => RegisterAsync(ledger, restored);
        },
        ["shop-team: deleted 0", "shop-team: live 1 cyd shop ben/member,cyd/owner"],
        ["UPDATE slipway.teams SET uid", "'deleted', $3)", "UPDATE slipway.teams SET generation"]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_team_ends_once_wherever_the_database_goes_away(bool heard) => BreakEverywhereAsync(
        heard,
        async scene =>
        {
            var team = await scene.CreateAsync(members: "ben");
            return ledger => ledger.EndTeamAsync(team.Uid, team.Name, default);
        },
        ["shop-team: deleted 1"],
        ["FROM slipway.stacks WHERE team_id", "lifecycle = 'deleted'", "DELETE FROM slipway.team_members"]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_stack_gets_one_slug_wherever_the_database_goes_away(bool heard) => BreakEverywhereAsync(
        heard,
        async scene =>
        {
            var stack = await scene.RegisterStackAsync();
            return ledger => ledger.AllocateStackSlugAsync(stack.Uid, scene.Ask(SlugKind.Stack), default);
        },
        ["shop-stack: live shop"],
        ["SET LOCAL lock_timeout = '3s'", "SELECT id FROM slipway.stacks", "SELECT slug FROM", "INSERT INTO slipway.slugs"]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_stack_is_bound_once_wherever_the_database_goes_away(bool heard) => BreakEverywhereAsync(
        heard,
        async scene =>
        {
            var (stack, team) = (await scene.RegisterStackAsync(), await scene.CreateAsync());
            return ledger => ledger.BindStackAsync(stack.Uid, 1, team.Uid, default);
        },
        ["shop-stack: live shop-team", "shop-team: live 1 ada shop ada/owner"],
        ["UPDATE slipway.stacks SET team_id"]);

    /// <param name="heard">See <see cref="BreakingLine"/>.</param>
    /// <param name="prepare">What comes before.</param>
    /// <param name="after">What is there in the end; the name of the scene is <c>shop</c>.</param>
    /// <param name="statements">Parts of what must have been broken.</param>
    private async Task BreakEverywhereAsync(bool heard, Preparation prepare, string[] after, string[] statements)
    {
        var whole = await AskAsync(null, heard, prepare, after);
        foreach (var statement in statements.Append("COMMIT"))
        {
            whole.ShouldContain(text => text.Contains(statement, StringComparison.Ordinal), statement);
        }

        for (var at = 0; at < whole.Count; at++)
        {
            (await AskAsync(at, heard, prepare, after))[..(at + 1)].ShouldBe(whole[..(at + 1)]);
        }
    }

    /// <returns>What the database was asked for.</returns>
    private async Task<List<string>> AskAsync(int? at, bool heard, Preparation prepare, string[] after)
    {
        var scene = TeamScene.Create(database);
        var call = await prepare(scene);
        var before = await ShowAsync(scene);
        await using var line = new BreakingLine(database, at, heard);

        var error = await Record.ExceptionAsync(() => call(TeamScene.LedgerOf(line.DataSource, scene.Clock)));

        (error is not null).ShouldBe(at is not null);
        if (error is not null)
        {
            LedgerFaults.IsUnavailable(error).ShouldBeTrue($"{line.Asked[^1]}: {error}");
            await SeeAsync(scene, heard && line.Asked[^1] == "COMMIT" ? after : before);
        }

        await Patience.UntilAvailableAsync(async () =>
        {
            await call(scene.Ledger);
            return true;
        });
        (await ShowAsync(scene)).ShouldBe(after);
        (await scene.ViolationsAsync()).ShouldBeEmpty();
        return [.. line.Asked];
    }

    private static Task RegisterAsync(DirectoryLedger ledger, TeamRegistration registration) =>
        ledger.RegisterTeamAsync(registration, _ => Task.FromResult(true), default);

    private static async Task<List<string>> ShowAsync(TeamScene scene)
    {
        var lines = await scene.ListAsync(Show, command => command.With(scene.Name));
        return [.. lines.Select(line => line.Replace(scene.Name, "shop", StringComparison.Ordinal))];
    }

    private static Task SeeAsync(TeamScene scene, IReadOnlyList<string> expected) =>
        Eventually.See(string.Join('\n', expected), () => ShowAsync(scene), seen => seen.SequenceEqual(expected));
}
