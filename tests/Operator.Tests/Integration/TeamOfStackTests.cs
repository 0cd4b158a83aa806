using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>A stack and the team that it names: the one waits for the other to come, the other for the one to go.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TeamOfStackTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    public Task InitializeAsync() => world.Operator.StartAsync();

    public async Task DisposeAsync()
    {
        await world.Operator.DisposeAsync();
        world.Proxy.ReleaseWatches();
    }

    [Fact]
    public async Task A_stack_and_its_release_wait_for_a_team_that_is_missing_and_are_woken_by_its_creation()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: scene.OfTeam());
        await scene.ReleaseAsync("one", scene.Push().ByTag);

        var stack = await SeeStackWaitsAsync(scene, "TeamNotFound");
        stack.Condition("Reconciling").Text("message")!.ShouldContain(scene.TeamName());
        (stack.Text("status.slug"), stack.ConditionText("SlugAllocated")).ShouldBe(($"{scene.Namespace.Name}-web", "True Allocated"));
        var waiting = await scene.WaitsAsync("one", "TeamNotFound");
        (waiting.Text("status.phase"), waiting.Text("status.version")).ShouldBe(("Pending", null));
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).ShouldBeEmpty();
        (await scene.BoundTeamAsync()).ShouldBeNull();

        await scene.TeamAsync();

        await scene.PhaseAsync("one", "Active");
        await scene.SeeStackSettledAsync();
        (await scene.BoundTeamAsync()).ShouldBe(scene.TeamName());
    }

    [Fact]
    public async Task While_the_team_is_missing_what_runs_goes_on_and_a_rollback_goes_before_those_that_wait()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        var one = await scene.ActiveAsync("one");
        await scene.ActiveAsync("two");
        var workload = await scene.SettledWorkloadAsync();

        await scene.MergeStackAsync("web", new JsonObject { ["spec"] = scene.OfTeam() });
        await SeeStackWaitsAsync(scene, "TeamNotFound");
        await scene.ReleaseAsync("three", scene.Push("three").ByTag);
        await scene.WaitsAsync("three", "TeamNotFound");
        var untouched = await scene.WorkloadAsync();
        (untouched.At("spec")!.ToJsonString(), untouched.Number("status.availableReplicas")).ShouldBe((workload.At("spec")!.ToJsonString(), 1));
        await scene.ReleaseAsync("undo", Rollback(one.Text("status.version")!));

        await scene.PhaseAsync("undo", "Active");
        await scene.SeeWorkloadAsync(
            "rolled back", seen => seen.Text("spec.template.spec.containers.0.image") == one.Text("status.imageReference"));
        (await scene.GetReleaseAsync("three")).Text("status.version").ShouldBeNull();
        await scene.SeeStackAsync("web", "shows it", stack => stack.Text("status.activeDeployment") == "undo");
        await SeeStackWaitsAsync(scene, "TeamNotFound");

        await scene.TeamAsync();

        await scene.PhaseAsync("three", "Active");
        await scene.SeeStackSettledAsync();
    }

    [Fact]
    public async Task A_team_that_a_person_must_mend_is_waited_for()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync(spec: new JsonObject { ["owner"] = null });
        await scene.TeamStallsAsync("OwnerRequired");
        await scene.StackAsync(spec: scene.OfTeam());
        await scene.ReleaseAsync("one", scene.Push().ByTag);

        (await SeeStackWaitsAsync(scene, "TeamNotReady")).Condition("Ready").Text("message")!.ShouldContain("OwnerRequired");
        (await scene.WaitsAsync("one", "TeamNotReady")).Text("status.version").ShouldBeNull();

        await scene.TeamAsync();

        await scene.PhaseAsync("one", "Active");
        await scene.SeeStackSettledAsync();
        (await scene.BoundTeamAsync()).ShouldBe(scene.TeamName());
    }

    [Fact]
    public async Task A_team_is_not_deleted_before_its_stacks_and_those_that_come_later_do_not_hold_it()
    {
        await using var scene = await TeamWithStackAsync();

        await scene.DeleteTeamAsync();

        var stays = await scene.TeamStallsAsync("TeamInUse");
        stays.Condition("Stalled").Text("message")!.ShouldContain($"{scene.Namespace.Name}/web");
        (await scene.SeeTeamEventAsync("TeamInUse")).Single().Text("note")!.ShouldContain($"{scene.Namespace.Name}/web");
        (stays.Text("status.slug"), stays.Text("status.owner"), stays.ConditionText("SlugAllocated")).ShouldBe((scene.TeamName(), "alice", "True Allocated"));
        (await scene.TeamRowsAsync()).ShouldBe([$"live {scene.TeamName()} owner:alice"]);

        await SecondPassesAsync(scene, stays.Text("metadata.deletionTimestamp")!);
        await scene.StackAsync("late", scene.OfTeam());
        await scene.ReleaseAsync("too-late", scene.Push("late").ByTag, "late");
        await SeeStackWaitsAsync(scene, "TeamDeleting", "late");
        (await scene.WaitsAsync("too-late", "TeamDeleting")).Text("status.version").ShouldBeNull();
        (await scene.BoundTeamAsync("late")).ShouldBeNull();
        await scene.ActiveAsync("in-time");

        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));

        await scene.SeeTeamGoneAsync();
        (await scene.TeamRowsAsync()).ShouldBe(["deleted"]);
        await SeeStackWaitsAsync(scene, "TeamNotFound", "late");
        await scene.TeamAsync();
        await scene.PhaseAsync("too-late", "Active");
        (await scene.BoundTeamAsync("late")).ShouldBe(scene.TeamName());
        (await scene.TeamRowsAsync()).ShouldBe(["deleted", $"live {scene.TeamName()} owner:alice"]);
    }

    [Theory]
    [InlineData("other")]
    [InlineData(null)]
    public async Task A_stack_that_names_it_no_more_lets_its_former_team_go(string? next)
    {
        await using var scene = await TeamWithStackAsync();
        await scene.TeamAsync("other");
        await scene.TeamReadyAsync("other");
        await scene.DeleteTeamAsync();
        await scene.TeamStallsAsync("TeamInUse");
        var named = next is null ? null : scene.TeamName(next);

        await scene.MergeStackAsync("web", new JsonObject { ["spec"] = new JsonObject { ["team"] = named } });

        await scene.SeeTeamGoneAsync();
        (await scene.TeamRowsAsync()).ShouldBe(["deleted"]);
        await Eventually.See("bound as it says", () => scene.BoundTeamAsync(), team => team == named, () => world.Operator.Log);
        await scene.SeeStackAsync("web", "ready", stack => stack.ConditionText("Ready") == "True NoRelease");
    }

    /// <summary>Nobody has looked at it, and the ledger does not know it, when the team is to go.</summary>
    [Fact]
    public async Task A_stack_applied_right_before_its_teams_deletion_holds_it_all_the_same()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync();
        await scene.TeamReadyAsync();
        await world.Operator.KillAsync();
        await scene.StackAsync(spec: scene.OfTeam());
        await scene.DeleteTeamAsync();

        await world.Operator.StartAsync();

        await scene.TeamStallsAsync("TeamInUse");
        await Eventually.See("bound", () => scene.BoundTeamAsync(), team => team == scene.TeamName(), () => world.Operator.Log);
        await scene.SeeStackAsync("web", "ready", stack => stack.ConditionText("Ready") == "True NoRelease");
        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));
        await scene.SeeTeamGoneAsync();
        (await scene.TeamRowsAsync()).ShouldBe(["deleted"]);
    }

    /// <summary>The operator has not heard of the stack yet, and asks.</summary>
    [Fact]
    public async Task A_stack_that_no_cache_knows_yet_holds_its_team_all_the_same()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.TeamAsync();
        await scene.TeamReadyAsync();
        world.Proxy.HoldWatches("stacks");
        await scene.StackAsync(spec: scene.OfTeam());

        await scene.DeleteTeamAsync();

        (await scene.TeamStallsAsync("TeamInUse")).Condition("Stalled").Text("message")!.ShouldContain($"{scene.Namespace.Name}/web");
        world.Proxy.ReleaseWatches();
        await Eventually.See("bound", () => scene.BoundTeamAsync(), team => team == scene.TeamName(), () => world.Operator.Log);
        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));
        await scene.SeeTeamGoneAsync();
    }

    private async Task<Scene> TeamWithStackAsync()
    {
        var scene = await world.NewSceneAsync();
        await scene.TeamAsync();
        await scene.StackAsync(spec: scene.OfTeam());
        await scene.SeeStackAsync("web", "ready", stack => stack.ConditionText("Ready") == "True NoRelease");
        (await scene.BoundTeamAsync()).ShouldBe(scene.TeamName());
        return scene;
    }

    private static async Task<JsonNode> SeeStackWaitsAsync(Scene scene, string reason, string name = "web")
    {
        var stack = await scene.SeeStackAsync(name, $"waits: {reason}", one => one.ConditionText("Reconciling") == $"True {reason}");
        (stack.ConditionText("Ready"), stack.ConditionText("Stalled")).ShouldBe(($"False {reason}", "absent"));
        return stack;
    }

    /// <summary>Waits until what the API server creates is from a later second.</summary>
    private async Task SecondPassesAsync(Scene scene, string timestamp)
    {
        var number = 0;
        await Eventually.See(
            $"a later second than {timestamp}",
            () => world.Cluster.Server.CreateAsync(
                scene.Namespace.Core("configmaps"), new JsonObject { ["metadata"] = new JsonObject { ["name"] = $"clock-{number++}" } }),
            item => string.CompareOrdinal(item.Text("metadata.creationTimestamp"), timestamp) > 0);
    }
}
