using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.TeamScene;

namespace Slipway.Operator.Tests.Integration;

/// <summary>What is wrong with a team is said in its status and by an Event, and the ledger hears nothing of it.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TeamBadInputTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    /// <summary>The spec in JSON over a good one, the reason, and a word that the message must have.</summary>
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { """{"displayName":""}""", "InvalidDisplayName", "spec.displayName" },
        { """{"displayName":" \t "}""", "InvalidDisplayName", "spec.displayName" },
        { """{"owner":null}""", "OwnerRequired", "spec.owner" },
        { """{"owner":""}""", "OwnerRequired", "spec.owner" },
        { """{"owner":"  "}""", "OwnerRequired", "spec.owner" },
        { """{"owner":" alice"}""", "InvalidSubject", "spec.owner" },
        { """{"owner":"al\nice"}""", "InvalidSubject", "spec.owner" },
        { """{"members":[{"subject":"bob"},{"subject":"carol"},{"subject":"bob"}]}""", "DuplicateMember", "spec.members[2].subject" },
        { """{"members":[{"subject":"bob"},{"subject":""}]}""", "InvalidSubject", "spec.members[1].subject" },
        { """{"members":[{"subject":"bob "}]}""", "InvalidSubject", "spec.members[0].subject" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_new_team_is_not_created_until_that_is_mended(string spec, string reason, string names)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync(spec: Parse(spec));

        var stalled = await scene.TeamStallsAsync(reason);

        stalled.Condition("Stalled").Text("message")!.ShouldContain(names);
        (stalled.Text("status.slug"), stalled.Text("status.owner"), stalled.ConditionText("SlugAllocated")).ShouldBe((null, null, "absent"));
        (await scene.SeeTeamEventAsync(reason)).Single().Text("type").ShouldBe("Warning");
        (await scene.TeamRowsAsync()).ShouldBeEmpty();

        await scene.TeamAsync();

        (await scene.TeamReadyAsync()).ConditionText("Stalled").ShouldBe("absent");
        (await scene.TeamRowsAsync()).ShouldBe([$"live {scene.TeamName()} owner:alice"]);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_team_that_is_there_keeps_its_owner_and_its_members(string spec, string reason, string names)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync(spec: Owner("zoe", "yan"));
        await scene.TeamReadyAsync();

        await scene.TeamAsync(spec: Owner("alice", "bob").With(Parse(spec)));

        var stalled = await scene.TeamStallsAsync(reason);
        stalled.Condition("Ready").Text("message")!.ShouldContain(names);
        (stalled.Text("status.slug"), stalled.Text("status.owner"), stalled.ConditionText("SlugAllocated"))
            .ShouldBe((scene.TeamName(), "zoe", "True Allocated"));
        (await scene.TeamRowsAsync()).ShouldBe([$"live {scene.TeamName()} owner:zoe member:yan"]);

        await scene.TeamAsync(spec: Owner("alice", "bob"));

        (await scene.TeamReadyAsync()).Text("status.owner").ShouldBe("alice");
        (await scene.TeamRowsAsync()).ShouldBe([$"live {scene.TeamName()} owner:alice member:bob"]);
    }

    [Fact]
    public async Task A_team_that_was_never_created_is_deleted_at_once()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync(spec: new JsonObject { ["owner"] = null });
        await scene.TeamStallsAsync("OwnerRequired");

        await scene.DeleteTeamAsync();

        await scene.SeeTeamGoneAsync();
        (await scene.TeamRowsAsync()).ShouldBe(["deleted"]);
    }

    private static JsonObject Parse(string spec) => JsonNode.Parse(spec)!.AsObject();
}
