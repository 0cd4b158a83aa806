using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.TeamScene;

namespace Slipway.Operator.Tests.Integration;

/// <summary>What becomes of a team, in its object and in the ledger.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TeamTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Fact]
    public async Task A_team_gets_its_slug_and_its_owner_and_says_that_it_is_ready()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync(spec: Members("bob", "system:serviceaccount:ci:robot"));

        var team = await scene.TeamReadyAsync();

        (team.Text("status.slug"), team.Text("status.owner")).ShouldBe((scene.TeamName(), "alice"));
        team.Items("status.conditions").Select(one => $"{one.Text("type")} {one.Text("status")} {one.Text("reason")} {one.Number("observedGeneration")}")
            .ShouldBe(["Ready True TeamReady 1", "SlugAllocated True Allocated 1"]);
        team.Items("metadata.finalizers").Count.ShouldBe(1);
        (await scene.TeamRowsAsync()).ShouldBe([$"live {scene.TeamName()} owner:alice member:bob member:system:serviceaccount:ci:robot"]);
        await world.Cluster.Kubectl.Run("wait", "--for=condition=Ready", "--timeout=60s", $"teams.slipway.dev/{scene.TeamName()}");
        var columns = (await world.Cluster.Kubectl.Run("get", "teams.slipway.dev", scene.TeamName())).Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        columns[0].ShouldBe(["NAME", "SLUG", "OWNER", "READY", "REASON", "AGE"]);
        columns[1][..5].ShouldBe([scene.TeamName(), scene.TeamName(), "alice", "True", "TeamReady"]);
        (await scene.SeeTeamEventAsync("Allocated")).Single().Text("note")!.ShouldContain(scene.TeamName());
        (await world.Cluster.Kubectl.Run("describe", "teams.slipway.dev", scene.TeamName())).ShouldContain("Normal  Allocated");
    }

    [Fact]
    public async Task Another_owner_in_the_spec_takes_the_team_over_and_the_former_one_stays_only_as_a_member_that_is_listed()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync(spec: Members("bob", "carol"));
        var slug = (await scene.TeamReadyAsync()).Text("status.slug");

        await scene.TeamAsync(spec: Owner("bob", "alice", "carol"));

        (await scene.TeamReadyAsync()).Text("status.owner").ShouldBe("bob");
        (await scene.TeamRowsAsync()).ShouldBe([$"live {slug} owner:bob member:alice member:carol"]);
        var told = (await scene.SeeTeamEventAsync("OwnerChanged")).Single().Text("note")!;
        (told.Contains("alice", StringComparison.Ordinal), told.Contains("bob", StringComparison.Ordinal)).ShouldBe((true, true), told);

        await scene.TeamAsync(spec: Owner("dave", "carol"));

        (await scene.TeamReadyAsync()).Text("status.owner").ShouldBe("dave");
        (await scene.TeamRowsAsync()).ShouldBe([$"live {slug} owner:dave member:carol"]);
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Members_come_and_go_with_the_spec_and_the_owner_may_be_listed_among_them()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync();
        var slug = (await scene.TeamReadyAsync()).Text("status.slug");

        foreach (var (members, rows) in ((string[], string)[])
            [(["bob", "alice"], "owner:alice member:bob"), (["carol"], "owner:alice member:carol"), ([], "owner:alice")])
        {
            await scene.TeamAsync(spec: Members(members));
            await scene.TeamReadyAsync();
            (await scene.TeamRowsAsync()).ShouldBe([$"live {slug} {rows}"]);
        }
    }

    [Fact]
    public async Task A_slug_stays_when_the_display_name_is_edited_and_a_condition_says_why()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync();
        var slug = (await scene.TeamReadyAsync()).Text("status.slug")!;

        await scene.TeamAsync(spec: Called($"{slug} Renamed"));

        var renamed = await scene.TeamReadyAsync();
        (renamed.Text("status.slug"), renamed.ConditionText("SlugAllocated")).ShouldBe((slug, "True SlugKept"));
        renamed.Condition("SlugAllocated").Text("message")!.ShouldContain($"\"{slug}\"");
        renamed.Condition("SlugAllocated").Text("message")!.ShouldContain($"\"{slug}-renamed\"");
        (await scene.TeamRowsAsync()).ShouldBe([$"live {slug} owner:alice"]);

        await scene.TeamAsync();

        var back = await scene.TeamReadyAsync();
        (back.Text("status.slug"), back.ConditionText("SlugAllocated")).ShouldBe((slug, "True Allocated"));
    }

    [Fact]
    public async Task A_slug_that_is_asked_for_goes_before_the_display_name_and_is_not_followed_when_it_comes_later()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync("asks", new JsonObject { ["slug"] = $"{scene.TeamName()} Wanted!" });
        await scene.TeamAsync("later");
        await scene.TeamReadyAsync("later");

        await scene.TeamAsync("later", new JsonObject { ["slug"] = scene.TeamName("other") });

        (await scene.TeamReadyAsync("asks")).Text("status.slug").ShouldBe($"{scene.TeamName()}-wanted");
        var later = await scene.TeamReadyAsync("later");
        (later.Text("status.slug"), later.ConditionText("SlugAllocated")).ShouldBe((scene.TeamName("later"), "True SlugKept"));
    }

    [Theory]
    [InlineData("bob", "True TeamReady")]
    [InlineData("bob ", "False InvalidSubject")]
    public async Task What_has_not_changed_is_not_written_again(string member, string ready)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync(spec: Members(member));
        await scene.SeeTeamAsync("team", ready, team => team.ConditionText("Ready") == ready);
        await TouchAsync(scene, "first");
        var before = world.Proxy.Requests.Count;

        var version = await TouchAsync(scene, "second");
        var again = await scene.TeamAsync(spec: Members(member));

        again.Text("metadata.resourceVersion").ShouldBe(version);
        (await scene.SeeTeamEventAsync(ready == "True TeamReady" ? "Allocated" : "InvalidSubject")).Single().At("series").ShouldBeNull();
        world.Proxy.Requests.Skip(before)
            .Where(request => request.IsWrite && request.Path.Contains(scene.TeamPath(), StringComparison.Ordinal) && !request.Path.Contains("passes", StringComparison.Ordinal))
            .ShouldBeEmpty(world.Operator.Log);
    }

    /// <summary>Names for which there is nothing in ASCII, that are reserved, and that are left out.</summary>
    [Fact]
    public async Task A_name_of_which_nothing_is_left_gives_the_kinds_own_word_and_a_reserved_one_gets_a_number()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync("cjk", Called("開発チーム"));
        await scene.TeamAsync("reserved", Called("Admin"));
        await scene.TeamAsync("accents", Called($"{scene.TeamName()} Équipe Ångström"));
        await scene.TeamAsync("unnamed", Called(null));

        (await scene.TeamReadyAsync("cjk")).Text("status.slug").ShouldBe("team");
        var reserved = await scene.TeamReadyAsync("reserved");
        reserved.Text("status.slug").ShouldBe("admin-1");
        reserved.Condition("SlugAllocated").Text("message")!.ShouldContain("reserved");
        (await scene.TeamReadyAsync("accents")).Text("status.slug").ShouldBe($"{scene.TeamName()}-equipe-angstrom");
        (await scene.TeamReadyAsync("unnamed")).Text("status.slug").ShouldBe(scene.TeamName("unnamed"));
    }

    [Fact]
    public async Task A_deleted_team_leaves_its_slug_to_the_next_of_that_name()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync("one", Called(scene.TeamName()));
        await scene.TeamReadyAsync("one");

        await scene.DeleteTeamAsync("one");
        await scene.SeeTeamGoneAsync("one");
        await scene.TeamAsync("two", Called(scene.TeamName()));

        (await scene.TeamReadyAsync("two")).Text("status.slug").ShouldBe(scene.TeamName());
        (await scene.TeamRowsAsync("one")).ShouldBe(["deleted"]);
    }

    /// <summary>Wakes the operator for the team, and lets a whole other one pass through its queue afterwards.</summary>
    /// <returns>The team's resourceVersion then.</returns>
    private static async Task<string> TouchAsync(Scene scene, string value)
    {
        await scene.MergeTeamAsync(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["example.org/touched"] = value } } });
        await scene.TeamAsync($"passes-{value}");
        await scene.TeamReadyAsync($"passes-{value}");
        return (await scene.World.Cluster.Server.GetAsync(scene.TeamPath())).Text("metadata.resourceVersion")!;
    }
}
