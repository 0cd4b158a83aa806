using System.Collections.Concurrent;
using Npgsql;
using Shouldly;
using Slipway.Ledger.Slugs;
using Slipway.Retry;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>The database refuses the first slugs, as if somebody else had been faster each time.</summary>
public sealed class SlugViolationTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    /// <summary>A sequence counts attempts that are rolled back, too.</summary>
    private const string Refuse = """
        CREATE OR REPLACE FUNCTION refuse_slug() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('slug_attempts') <= TG_ARGV[0]::bigint THEN
                RAISE EXCEPTION 'refused' USING ERRCODE = TG_ARGV[1], CONSTRAINT = TG_ARGV[2];
            END IF;
            RETURN NEW;
        END $$;
        CREATE SEQUENCE IF NOT EXISTS slug_attempts;
        SELECT setval('slug_attempts', 1, false);
        """;

    private readonly ConcurrentQueue<Collision> _collisions = new();

    [Theory]
    [InlineData(SlugKind.Team, 1)]
    [InlineData(SlugKind.Team, 5)]
    [InlineData(SlugKind.Stack, 1)]
    [InlineData(SlugKind.Stack, 5)]
    public async Task The_attempt_after_a_lost_one_succeeds(SlugKind kind, int lost)
    {
        var scene = await RefuseAsync(lost, retries: 5);

        (await CreateAsync(scene, kind)).ShouldBe(scene.Name);

        (await AttemptsAsync()).ShouldBe(lost + 1);
        _collisions.Select(collision => (collision.Operation, collision.Subject, collision.Attempt))
            .ShouldBe(Enumerable.Range(1, lost).Select(attempt => ("slug", $"{kind.ToSql()} {scene.Name}", attempt)));
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(SlugKind.Team, 0)]
    [InlineData(SlugKind.Team, 1)]
    [InlineData(SlugKind.Team, 5)]
    [InlineData(SlugKind.Stack, 0)]
    [InlineData(SlugKind.Stack, 1)]
    [InlineData(SlugKind.Stack, 5)]
    public async Task After_the_last_attempt_it_is_said_what_was_lost_and_nothing_is_written(SlugKind kind, int retries)
    {
        var scene = await RefuseAsync(refusals: 99, retries);

        var error = await Should.ThrowAsync<SlugCollisionException>(() => CreateAsync(scene, kind));

        (error.Base, error.Attempts, error.LastCandidate).ShouldBe((scene.Name, retries + 1, scene.Name));
        error.InnerException.ShouldBeOfType<PostgresException>().ConstraintName.ShouldBe(SqlStates.SlugUnique);
        error.Message.ShouldContain($"\"{scene.Name}\" after {retries + 1} attempt(s)");
        (await AttemptsAsync()).ShouldBe(retries + 1);
        _collisions.Count.ShouldBe(retries + 1);
        (await scene.DumpAsync()).ShouldBeEmpty();
    }

    /// <summary>A violation of the same kind, but of another constraint; and another error, of no constraint.</summary>
    [Theory]
    [InlineData(SlugKind.Team, PostgresErrorCodes.UniqueViolation, "slugs_of_team")]
    [InlineData(SlugKind.Team, PostgresErrorCodes.CheckViolation, "slugs_form")]
    [InlineData(SlugKind.Team, PostgresErrorCodes.DiskFull, "")]
    [InlineData(SlugKind.Stack, PostgresErrorCodes.UniqueViolation, "other_unique")]
    [InlineData(SlugKind.Stack, PostgresErrorCodes.CheckViolation, "slugs_form")]
    [InlineData(SlugKind.Stack, PostgresErrorCodes.DiskFull, "")]
    public async Task Another_error_passes_through_at_once(SlugKind kind, string sqlState, string constraint)
    {
        var scene = await RefuseAsync(refusals: 1, retries: 5, sqlState, constraint);

        (await Should.ThrowAsync<PostgresException>(() => CreateAsync(scene, kind))).SqlState.ShouldBe(sqlState);

        (await AttemptsAsync()).ShouldBe(1);
        _collisions.ShouldBeEmpty();
        (await scene.DumpAsync()).ShouldBeEmpty();
    }

    /// <summary>Also one that looks like a lost slug to whoever looks only at the words.</summary>
    [Fact]
    public async Task What_the_look_at_the_object_throws_passes_through_at_once()
    {
        var scene = await RefuseAsync(refusals: 0, retries: 5);
        var former = await scene.CreateAsync();
        var before = await scene.DumpAsync();
        var looks = 0;

        await Should.ThrowAsync<InvalidOperationException>(() => scene.Ledger.RegisterTeamAsync(
            scene.Team() with { Name = former.Name },
            _ =>
            {
                looks++;
                throw new InvalidOperationException("slugs_unique");
            },
            default));

        looks.ShouldBe(1);
        _collisions.ShouldBeEmpty();
        (await scene.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_verdict_is_not_tried_again()
    {
        var scene = await RefuseAsync(refusals: 0, retries: 5);
        foreach (var number in Enumerable.Range(0, SlugAsk.LastSuffix + 1))
        {
            await scene.CreateAsync($"{number}");
        }

        (await scene.RegisterAsync(scene.Team("late"))).ShouldBe(new Ledger.Directory.TeamOutcome(null, SlugsExhausted: true));

        (await AttemptsAsync()).ShouldBe(SlugAsk.LastSuffix + 1);
        _collisions.ShouldBeEmpty();
    }

    private async Task<TeamScene> RefuseAsync(
        int refusals, int retries, string sqlState = PostgresErrorCodes.UniqueViolation, string constraint = SqlStates.SlugUnique)
    {
        var scene = TeamScene.Create(database);
        await scene.RunAsync(Refuse);
        await scene.RunAsync($"""
            CREATE OR REPLACE TRIGGER refuse_slug BEFORE INSERT ON slipway.slugs
            FOR EACH ROW EXECUTE FUNCTION refuse_slug({refusals}, '{sqlState}', '{constraint}')
            """);
        return scene.With(TeamScene.LedgerOf(database.DataSource, scene.Clock, retries, _collisions));
    }

    private static async Task<string?> CreateAsync(TeamScene scene, SlugKind kind) => kind switch
    {
        SlugKind.Team => (await scene.CreateAsync(scene.Team(members: "ben"))).Slug,
        SlugKind.Stack => (await scene.AllocateAsync(await scene.RegisterStackAsync()))!.Slug,
    };

    private async Task<long> AttemptsAsync() =>
        (await database.DataSource.CreateCommand("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM slug_attempts")
            .ListAsync(row => row.GetInt64(0), default)).Single();
}
