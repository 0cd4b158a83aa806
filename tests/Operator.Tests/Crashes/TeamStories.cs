using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using static Slipway.Operator.Tests.Integration.TeamScene;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>Stories of teams.</summary>
internal static class TeamStories
{
    public static IReadOnlyList<Story> All =>
    [
        new Story
        {
            Name = "a team and its stack from their beginning to their end",
            Act = async scene =>
            {
                await scene.TeamAsync(spec: Members("bob"));
                await scene.StackAsync(spec: scene.OfTeam());
                await scene.ReleaseAsync("one", scene.Push("one").ByTag);
            },
            Meanwhile = async scene =>
            {
                await scene.PhaseAsync("one", "Active");
                (await scene.BoundTeamAsync()).ShouldBe(scene.TeamName());
                await scene.TeamAsync(spec: Owner("bob", "carol"));
                (await scene.TeamReadyAsync()).Text("status.slug").ShouldBe(scene.TeamName());
                (await scene.TeamRowsAsync()).ShouldBe([$"live {scene.TeamName()} owner:bob member:carol"]);
                await scene.DeleteTeamAsync();
                await scene.TeamStallsAsync("TeamInUse");
                await scene.World.Cluster.Server.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));
            },
            Moves = ["one: pending activating active superseded"],
            Gone = ["stacks/web", "teams/team"],
            Running = null,
            Templates = 0,
            Check = async scene => (await scene.TeamRowsAsync()).ShouldBe(["deleted"]),
        },
    ];
}
