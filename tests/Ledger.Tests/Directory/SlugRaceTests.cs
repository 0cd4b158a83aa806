using System.Collections.Concurrent;
using Npgsql;
using Shouldly;
using Slipway.Ledger.Slugs;
using Slipway.Retry;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>Many who want the same slug at the same moment.</summary>
public sealed class SlugRaceTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private const int Racers = 32;
    private const int Candidates = SlugAsk.LastSuffix + 1;

    [Theory]
    [InlineData(5)]
    [InlineData(1)]
    [InlineData(0)]
    public async Task Eleven_teams_of_one_name_are_created_and_the_others_are_told_that_every_slug_is_taken(int retries)
    {
        var collisions = new ConcurrentQueue<Collision>();
        await using var dataSource = await SlugRace.WarmAsync(database, Racers);
        var scene = TeamScene.Create(database, dataSource);
        scene = scene.With(TeamScene.LedgerOf(dataSource, scene.Clock, retries, collisions));
        var teams = Enumerable.Range(0, Racers).Select(racer => scene.Team($"{racer}", "ben")).ToArray();

        var outcomes = await SlugRace.RunAsync(database, Racers, racer => SlugRace.InsistAsync(() => scene.RegisterAsync(teams[racer])));

        outcomes.Where(outcome => !outcome.SlugsExhausted).Select(outcome => outcome.Row!.Slug!).ShouldBe(AllOf(scene), ignoreOrder: true);
        outcomes.Where(outcome => outcome.SlugsExhausted).ShouldAllBe(outcome => outcome.Row == null);
        var waiting = teams.Where((_, racer) => outcomes[racer].SlugsExhausted).ToArray();
        waiting.Length.ShouldBe(Racers - Candidates);
        (await Task.WhenAll(waiting.Select(team => scene.FindAsync(team.Uid)))).ShouldAllBe(row => row == null);
        await SeeWholeTeamsAsync(scene, Candidates);

        // All have read before anybody could write, so all of them but one must collide. Who tries again waits
        // for his turn, and collides no more.
        collisions.Count(collision => collision.Attempt == 1).ShouldBeGreaterThanOrEqualTo(Racers - 1);
        collisions.ShouldAllBe(collision => collision.Attempt == 1);
        collisions.ShouldAllBe(collision => collision.Operation == "slug" && collision.Subject == $"team {scene.Name}");

        await scene.EndAsync(outcomes.Single(outcome => outcome.Row?.Slug == $"{scene.Name}-4").Row!);
        var later = await Task.WhenAll(waiting.Select(team => Task.Run(() => SlugRace.InsistAsync(() => scene.RegisterAsync(team)))));

        later.Where(outcome => !outcome.SlugsExhausted).Select(outcome => outcome.Row!.Slug).ShouldBe([$"{scene.Name}-4"]);
        await SeeWholeTeamsAsync(scene, Candidates);
    }

    [Fact]
    public async Task Eleven_stacks_of_one_name_get_a_slug_and_the_others_are_there_without_one()
    {
        var collisions = new ConcurrentQueue<Collision>();
        await using var dataSource = await SlugRace.WarmAsync(database, Racers);
        var scene = TeamScene.Create(database, dataSource);
        scene = scene.With(TeamScene.LedgerOf(dataSource, scene.Clock, collisions: collisions));
        var stacks = await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer => scene.RegisterStackAsync($"{racer}")));

        var entries = await SlugRace.RunAsync(database, Racers, racer => SlugRace.InsistAsync(() => scene.AllocateAsync(stacks[racer])));

        entries.Where(entry => entry!.Slug is not null).Select(entry => entry!.Slug!).ShouldBe(AllOf(scene), ignoreOrder: true);
        entries.ShouldAllBe(entry => entry!.SlugBase == (entry.Slug == null ? null : scene.Name));
        collisions.Count.ShouldBeGreaterThanOrEqualTo(Racers - 1);
        (await scene.ViolationsAsync()).ShouldBeEmpty();

        var freed = Array.FindIndex(entries, entry => entry!.Slug == $"{scene.Name}-7");
        await scene.Releases.FinishTeardownAsync(stacks[freed].Uid, default);
        var waiting = stacks.Where((_, racer) => entries[racer]!.Slug is null).ToArray();
        var later = await Task.WhenAll(waiting.Select(stack => Task.Run(() => SlugRace.InsistAsync(() => scene.AllocateAsync(stack)))));

        later.Select(entry => entry!.Slug).Where(slug => slug is not null).ShouldBe([$"{scene.Name}-7"]);
        (await scene.SlugsAsync(SlugKind.Stack)).ShouldBe(AllOf(scene), ignoreOrder: true);
    }

    /// <summary>Whoever asks for the slug of the same stack twice at once gets one.</summary>
    [Fact]
    public async Task Operators_that_allocate_for_the_same_stack_give_it_one_slug()
    {
        const int operators = 8;
        await using var dataSource = await SlugRace.WarmAsync(database, Racers);
        var scene = TeamScene.Create(database, dataSource);
        var stack = await scene.RegisterStackAsync();

        var entries = await SlugRace.RunAsync(database, operators, _ => SlugRace.InsistAsync(() => scene.AllocateAsync(stack)));

        entries.ShouldAllBe(entry => entry!.Slug == scene.Name);
        (await scene.SlugsAsync(SlugKind.Stack)).ShouldBe([scene.Name]);
    }

    [Fact]
    public async Task Operators_that_register_the_same_team_create_it_once()
    {
        const int operators = 8;
        await using var dataSource = await SlugRace.WarmAsync(database, Racers);
        var scene = TeamScene.Create(database, dataSource);
        var team = scene.Team(members: "ben");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, operators)
            .Select(_ => Task.Run(() => SlugRace.InsistAsync(() => scene.RegisterAsync(team)))));

        outcomes.Select(outcome => outcome.Row!).Distinct().Count().ShouldBe(1);
        await SeeWholeTeamsAsync(scene, 1);
    }

    /// <summary>Each attempt loses its candidate to a team that is committed while the attempt waits for it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Who_loses_every_race_is_never_told_that_every_slug_is_taken(int retries)
    {
        var scene = TeamScene.Create(database);
        scene = scene.With(TeamScene.LedgerOf(database.DataSource, scene.Clock, retries));
        var candidates = scene.Ask(SlugKind.Team).Candidates.Take(retries + 1).ToArray();
        var rivals = await Task.WhenAll(candidates.Select(candidate => HoldAsync(scene, candidate)));

        var registering = Task.Run(() => scene.RegisterAsync(scene.Team("late")));
        foreach (var rival in rivals)
        {
            await rival.HoldsUpAsync(1);
            await rival.CommitAsync();
            await rival.DisposeAsync();
        }

        var error = await Should.ThrowAsync<SlugCollisionException>(() => registering);
        (error.Base, error.Attempts, error.LastCandidate).ShouldBe((scene.Name, retries + 1, candidates[^1]));
        (await scene.RegisterAsync(scene.Team("late"))).Row!.Slug.ShouldBe($"{scene.Name}-{retries + 1}");
    }

    [Fact]
    public async Task A_slug_that_was_taken_and_rolled_back_is_free()
    {
        var scene = TeamScene.Create(database);
        var rival = await HoldAsync(scene, scene.Name);

        var registering = Task.Run(() => scene.CreateAsync());
        await rival.HoldsUpAsync(1);
        await rival.RollbackAsync();
        await rival.DisposeAsync();

        (await registering).Slug.ShouldBe(scene.Name);
    }

    [Fact]
    public async Task Names_that_overlap_share_their_candidates()
    {
        await using var dataSource = await SlugRace.WarmAsync(database, Racers);
        var scene = TeamScene.Create(database, dataSource);
        var longer = scene.Ask(SlugKind.Team) with { DisplayName = $"{scene.Name} 1" };
        var teams = Enumerable.Range(0, 12)
            .Select(racer => racer % 2 == 0 ? scene.Team($"{racer}") : scene.Team($"{racer}") with { Slug = longer }).ToArray();

        var outcomes = await SlugRace.RunAsync(database, teams.Length, racer => SlugRace.InsistAsync(() => scene.RegisterAsync(teams[racer])));

        outcomes.ShouldAllBe(outcome => outcome.Row != null);
        outcomes.Select(outcome => outcome.Row!.Slug).ShouldBeUnique();
        outcomes.Where(outcome => outcome.Row!.SlugBase == longer.Base)
            .ShouldAllBe(outcome => outcome.Row!.Slug!.StartsWith(longer.Base, StringComparison.Ordinal));
        await SeeWholeTeamsAsync(scene, teams.Length);
    }

    [Fact]
    public async Task The_same_race_is_lost_by_who_looks_and_then_inserts()
    {
        await using var dataSource = await SlugRace.WarmAsync(database, Racers);
        var scene = TeamScene.Create(database, dataSource);
        var stacks = await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer => scene.RegisterStackAsync($"{racer}")));

        var errors = await SlugRace.RunAsync(database, Racers, racer => NaiveAsync(dataSource, scene.Name, stacks[racer]));

        errors.Count(error => error is null).ShouldBe(1);
        errors.OfType<PostgresException>().Count(error => error.ConstraintName == SqlStates.SlugUnique).ShouldBe(Racers - 1);
    }

    /// <summary>Another team that has the slug, and is not committed yet.</summary>
    private async Task<Rival> HoldAsync(TeamScene scene, string slug)
    {
        var rival = await Rival.BeginAsync(database);
        await rival.RunAsync($"""
            INSERT INTO slipway.teams (uid, name, generation, owner, created_at)
            VALUES (gen_random_uuid(), '{scene.Name}-of-{slug}', 1, 'eve', now());
            INSERT INTO slipway.team_members (team_id, role, subject)
            SELECT id, 'owner', 'eve' FROM slipway.teams WHERE name = '{scene.Name}-of-{slug}';
            INSERT INTO slipway.slugs (kind, slug, base, at, team_id)
            SELECT 'team', '{slug}', '', now(), id FROM slipway.teams WHERE name = '{scene.Name}-of-{slug}'
            """);
        return rival;
    }

    private static async Task<Exception?> NaiveAsync(NpgsqlDataSource dataSource, string slug, StackRow stack)
    {
        try
        {
            var taken = await dataSource.CreateCommand("SELECT slug FROM slipway.slugs WHERE slug = $1").With(slug)
                .ListAsync(row => row.GetString(0), default);
            taken.ShouldBeEmpty();
            await dataSource.CreateCommand("INSERT INTO slipway.slugs (kind, slug, base, at, stack_id) VALUES ('stack', $1, $1, now(), $2)")
                .With(slug).With(stack.Id).RunAsync(default);
            return null;
        }
        catch (PostgresException error)
        {
            return error;
        }
    }

    private static IEnumerable<string> AllOf(TeamScene scene) =>
        Enumerable.Range(1, SlugAsk.LastSuffix).Select(number => $"{scene.Name}-{number}").Prepend(scene.Name);

    /// <summary>So many teams are there; of none is there only a part.</summary>
    private static async Task SeeWholeTeamsAsync(TeamScene scene, int count)
    {
        const string live = "SELECT name FROM slipway.teams WHERE name LIKE $1 || '%' AND lifecycle = 'live'";
        (await scene.ListAsync(live, command => command.With(scene.Name))).Count.ShouldBe(count);
        (await scene.SlugsAsync(SlugKind.Team)).Count.ShouldBe(count);
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }
}
