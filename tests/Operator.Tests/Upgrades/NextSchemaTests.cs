using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Upgrades;

/// <summary>
/// This operator on the schema after its own, as a later version may leave it behind when it is rolled back: with everything that a
/// migration may add while it says that this version goes on working.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class NextSchemaTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    private const string Next = """
        CREATE TABLE slipway.later (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text NOT NULL, at timestamptz NOT NULL DEFAULT now());
        ALTER TABLE slipway.stacks ADD COLUMN later text;
        ALTER TABLE slipway.releases ADD COLUMN later text;
        ALTER TABLE slipway.releases_archive ADD COLUMN later text;
        ALTER TABLE slipway.transitions ADD COLUMN later integer NOT NULL DEFAULT 0;
        ALTER TABLE slipway.env_revisions ADD COLUMN later text;
        ALTER TABLE slipway.env_patches ADD COLUMN later text;
        ALTER TABLE slipway.teams ADD COLUMN later text;
        ALTER TABLE slipway.slugs ADD COLUMN later text;
        CREATE INDEX releases_later ON slipway.releases (later) WHERE later IS NOT NULL;
        CREATE FUNCTION slipway.note_later() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO slipway.later (what) VALUES (TG_OP);
            RETURN NEW;
        END $$;
        CREATE TRIGGER releases_later AFTER INSERT OR UPDATE ON slipway.releases FOR EACH ROW EXECUTE FUNCTION slipway.note_later();
        INSERT INTO slipway.schema_migrations (version, works_with, applied_at, name, checksum)
            SELECT max(version) + 1, max(version), now(), 'later', 'later' FROM slipway.schema_migrations;
        """;

    public async Task InitializeAsync()
    {
        var start = SlipwayProcess.StartOf(["migrate", "--database", world.Ledger.Url]);
        (await Command.RunAsync(start.FileName, [.. start.ArgumentList])).ExitCode.ShouldBe(0);
        await world.Ledger.ExecuteAsync(Next);
        await world.Operator.StartAsync();
    }

    public async Task DisposeAsync() => await world.Operator.DisposeAsync();

    [Fact]
    public async Task Releases_variables_rollbacks_and_teams_go_on()
    {
        await using var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/broken", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready);
        await scene.TeamAsync();
        await scene.StackAsync(spec: Env(("A", "1")).With(scene.OfTeam()));
        var one = await scene.ActiveAsync();
        await scene.PatchAsync("more", Set(("B", "2")));
        await scene.PatchReleaseAsync("more", "Active");
        await scene.ReleaseAsync("broken", scene.Push("broken").ByTag);
        await scene.PhaseAsync("broken", "Activating");
        await scene.MergeReleaseAsync("broken", new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
        await scene.PhaseAsync("broken", "Cancelled");
        await scene.ReleaseAsync("back", Rollback(one.Text("status.version")!));
        (await scene.PhaseAsync("back", "Active")).Text("status.imageReference").ShouldBe(one.Text("status.imageReference"));
        await scene.SeeVariablesAsync("A=1");
        await scene.StackAsync("made", new JsonObject { ["source"] = new JsonObject { ["image"] = scene.Push("made").ByTag } });
        await scene.PhaseWhenMadeAsync("made-1", "Active");
        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));
        await scene.DeleteTeamAsync();
        await scene.SeeTeamGoneAsync();

        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
        (await world.Ledger.QueryAsync("SELECT count(*) FROM slipway.later", row => row.GetInt64(0)))[0].ShouldBeGreaterThan(0);
        (await world.Operator.StopAsync()).ShouldBe(0, world.Operator.Log);
    }
}
