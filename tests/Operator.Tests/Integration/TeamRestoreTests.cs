using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.TeamScene;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Teams and stacks that come back under new UIDs, and a ledger that comes back older than they are: slugs stay whose they were.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TeamRestoreTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    public Task InitializeAsync() => world.Operator.StartAsync();

    public async Task DisposeAsync() => await world.Operator.DisposeAsync();

    /// <summary>With a lower slug free, which a new team would get.</summary>
    [Fact]
    public async Task A_team_restored_under_a_new_UID_is_the_team_that_it_was()
    {
        await using var scene = await TwoAlikeAsync();
        await scene.StackAsync(spec: scene.OfTeam("second"));
        await scene.SeeStackAsync("web", "ready", stack => stack.ConditionText("Ready") == "True NoRelease");
        await world.Operator.KillAsync();
        await world.Cluster.Server.ForceDeleteAsync(scene.TeamPath("second"));
        await scene.TeamAsync("second", Called(scene.TeamName()).With(Owner("bob")));

        await world.Operator.StartAsync();

        var restored = await scene.TeamReadyAsync("second");
        (restored.Text("status.slug"), restored.Text("status.owner"), restored.ConditionText("SlugAllocated"))
            .ShouldBe(($"{scene.TeamName()}-1", "bob", "True Allocated"));
        (await scene.TeamRowsAsync("second")).ShouldBe([$"live {scene.TeamName()}-1 owner:bob", "deleted"]);
        (await scene.BoundTeamAsync()).ShouldBe(scene.TeamName("second"));
        await scene.SeeStackAsync("web", "ready", stack => stack.ConditionText("Ready") == "True NoRelease");
        await scene.DeleteTeamAsync("second");
        await scene.TeamStallsAsync("TeamInUse", "second");
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stack_restored_under_a_new_UID_keeps_its_slug()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync("first", Called(scene.TeamName()));
        await SeeSlugAsync(scene, "first", scene.TeamName());
        await scene.StackAsync("second", Called(scene.TeamName()));
        await SeeSlugAsync(scene, "second", $"{scene.TeamName()}-1");
        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "first"));
        await world.Operator.KillAsync();
        await world.Cluster.Server.ForceDeleteAsync(scene.Namespace.Slipways("stacks", "second"));
        await scene.StackAsync("second", Called(scene.TeamName()));

        await world.Operator.StartAsync();

        await SeeSlugAsync(scene, "second", $"{scene.TeamName()}-1");
        (await scene.StackSlugAsync("second")).ShouldBe($"{scene.TeamName()}-1");
    }

    [Fact]
    public async Task A_slug_that_an_older_ledger_does_not_know_is_given_again_although_a_lower_one_is_free()
    {
        await using var scene = await TwoAlikeAsync();
        await scene.StackAsync("one", Called(scene.TeamName()));
        await SeeSlugAsync(scene, "one", scene.TeamName());
        await scene.StackAsync("two", Called(scene.TeamName()));
        await SeeSlugAsync(scene, "two", $"{scene.TeamName()}-1");
        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "one"));
        await world.Operator.KillAsync();
        await ForgetAsync($"SELECT id FROM slipway.teams WHERE name = '{scene.TeamName("second")}'");
        await world.Ledger.ExecuteAsync($"DELETE FROM slipway.slugs WHERE slug = '{scene.TeamName()}-1'");
        (await scene.TeamRowsAsync("second")).ShouldBeEmpty();

        await world.Operator.StartAsync();

        await scene.SeeTeamRowsAsync("second", $"live {scene.TeamName()}-1 owner:alice");
        await Eventually.See("the stack's", () => scene.StackSlugAsync("two"), slug => slug == $"{scene.TeamName()}-1", () => world.Operator.Log);
        (await scene.TeamReadyAsync("second")).Text("status.slug").ShouldBe($"{scene.TeamName()}-1");
        await SeeSlugAsync(scene, "two", $"{scene.TeamName()}-1");
    }

    [Fact]
    public async Task A_slug_that_somebody_else_has_meanwhile_by_an_older_ledger_is_told_to_be_another_one_now()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync();
        await scene.TeamReadyAsync();
        await scene.TeamAsync("other");
        await scene.TeamReadyAsync("other");
        await world.Operator.KillAsync();
        await ForgetAsync($"SELECT id FROM slipway.teams WHERE name = '{scene.TeamName()}'");
        await world.Ledger.ExecuteAsync($"UPDATE slipway.slugs SET slug = '{scene.TeamName()}' WHERE slug = '{scene.TeamName("other")}'");

        await world.Operator.StartAsync();

        await scene.SeeTeamAsync("team", "told", team => team.Text("status.slug") == $"{scene.TeamName()}-1");
        var told = (await scene.SeeTeamEventAsync("SlugChanged")).Single();
        (told.Text("type"), told.Text("note")!.Contains($"\"{scene.TeamName()}-1\"", StringComparison.Ordinal)).ShouldBe(("Warning", true));
    }

    /// <summary>The second of two teams of one name, and the first is deleted.</summary>
    private async Task<Scene> TwoAlikeAsync()
    {
        var scene = await world.NewSceneAsync();
        await scene.TeamAsync("first", Called(scene.TeamName()));
        await scene.TeamReadyAsync("first");
        await scene.TeamAsync("second", Called(scene.TeamName()));
        (await scene.TeamReadyAsync("second")).Text("status.slug").ShouldBe($"{scene.TeamName()}-1");
        await scene.DeleteTeamAsync("first");
        await scene.SeeTeamGoneAsync("first");
        return scene;
    }

    private static Task<JsonNode> SeeSlugAsync(Scene scene, string stack, string slug) => scene.SeeStackAsync(
        stack, $"slug {slug}", one => one.Text("status.slug") == slug && one.ConditionText("SlugAllocated") == "True Allocated"
            && one.ConditionText("Ready") == "True NoRelease");

    /// <summary>What a backup from before their creation does to teams.</summary>
    private Task ForgetAsync(string teams) => world.Ledger.ExecuteAsync($"""
        DELETE FROM slipway.slugs WHERE team_id IN ({teams});
        DELETE FROM slipway.team_members WHERE team_id IN ({teams});
        DELETE FROM slipway.teams WHERE id IN ({teams})
        """);
}
