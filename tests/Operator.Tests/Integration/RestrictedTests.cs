using Shouldly;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>An operator that works in two namespaces, with the permissions for these and no others.</summary>
[Collection(ClusterCollection.Name)]
public sealed class RestrictedTests(RestrictedWorld world) : IClassFixture<RestrictedWorld>, IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>It is told to stop, so that the next one need not wait for its lease to expire.</summary>
    public async Task DisposeAsync()
    {
        await world.Operator.StopAsync();
        await world.Operator.DisposeAsync();
    }

    [Fact]
    public async Task Does_its_work_in_its_namespaces_and_takes_no_notice_of_any_other()
    {
        await world.StartAsync();
        var (first, second, third) = (world.SceneIn(world.First), world.SceneIn(world.Second), world.SceneIn(world.Third));
        await third.StackAsync();
        await third.ReleaseAsync("one", third.Push().ByTag);

        await first.StackAsync(spec: Env(("A", "1")));
        await first.ActiveAsync();
        await first.PatchAsync("more", Set(("A", "2")));
        await first.PatchReleaseAsync("more", "Active");
        await first.SeeVariablesAsync("A=2");
        await second.StackAsync("made", new() { ["source"] = new System.Text.Json.Nodes.JsonObject { ["image"] = second.Push("made").ByTag } });
        await second.PhaseWhenMadeAsync("made-1", "Active");
        await second.DeleteAsync(second.Namespace.Slipways("deployments", "made-1"));
        await second.DeleteAsync(second.Namespace.Slipways("stacks", "made"));
        await Eventually.See("its workload goes, too", () => second.WorkloadAsync("made"), workload => workload is null, () => world.Operator.Log);

        (await third.GetReleaseAsync("one")).Text("status.phase").ShouldBeNull();
        (await world.Cluster.Server.GetAsync(world.Third.Slipways("stacks", "web"))).Items("metadata.finalizers").ShouldBeEmpty();
        (await world.Ledger.StacksAsync(world.Third.Name)).ShouldBeEmpty();
        world.Proxy.Requests.ShouldNotContain(request => request.Path.Contains(world.Third.Name, StringComparison.Ordinal));
        world.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task Looks_after_teams_although_they_are_in_no_namespace()
    {
        await world.StartAsync();
        var scene = world.SceneIn(world.First);
        await scene.TeamAsync();
        await scene.TeamReadyAsync();
        await scene.StackAsync("owned", scene.OfTeam());
        await scene.SeeStackAsync("owned", "ready", stack => stack.ConditionText("Ready") == "True NoRelease");

        await scene.DeleteTeamAsync();
        (await scene.TeamStallsAsync("TeamInUse")).Condition("Stalled").Text("message")!.ShouldContain($"{world.First.Name}/owned");
        await scene.SeeTeamEventAsync("TeamInUse");
        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "owned"));

        await scene.SeeTeamGoneAsync();
        world.Refused.ShouldBeEmpty();
    }

    /// <summary>The same ledger, and objects that go while no operator runs: here they are ended, there nobody can say.</summary>
    [Fact]
    public async Task What_a_wider_operator_has_left_elsewhere_is_not_judged()
    {
        var (here, there) = (world.SceneIn(world.First), world.SceneIn(world.Third));
        await using (var wide = new OperatorProcess(
            world.Ledger.Url, world.Cluster.KubeConfigPath, ["--leader-elect", "false", "--env-keys-file", "", "--lease-namespace", world.Access.Account.Namespace]))
        {
            await wide.StartAsync();
            await BeginAsync(here);
            await BeginAsync(there);
            await wide.KillAsync();
        }

        foreach (var scene in (Scene[])[here, there])
        {
            await world.Cluster.Server.ForceDeleteAsync(scene.Namespace.Slipways("deployments", "left"));
            await world.Cluster.Server.ForceDeleteAsync(scene.Namespace.Slipways("stacks", "left"));
        }

        await world.StartAsync();

        await Eventually.See(
            "ended here", () => world.Ledger.StacksAsync(world.First.Name), rows => rows.Contains("left deleted"), () => world.Operator.Log);
        (await world.Ledger.ReleasesAsync(world.First.Name)).Single(release => release.Name == "left").Phase.ShouldBe("cancelled");
        (await world.Ledger.StacksAsync(world.Third.Name)).ShouldContain("left live");
        (await world.Ledger.ReleasesAsync(world.Third.Name)).Single(release => release.Name == "left").Phase.ShouldBe("activating");
        world.Refused.ShouldBeEmpty();
        await world.Ledger.ExecuteAsync($"UPDATE slipway.stacks SET namespace = namespace || '-gone' WHERE namespace = '{world.Third.Name}'");
    }

    /// <summary>With a namespace goes the role in it: what was there cannot be looked at any more, and the others must not suffer for it.</summary>
    [Fact]
    public async Task A_namespace_that_it_may_not_look_into_any_more_holds_up_no_other()
    {
        await world.StartAsync();
        var (kept, lost) = (world.SceneIn(world.First), world.SceneIn(world.Second));
        await BeginAsync(lost);
        await BeginAsync(kept, "kept");
        await world.Access.RevokeAsync(world.Second.Name);
        foreach (var (scene, name) in ((Scene, string)[])[(kept, "kept"), (lost, "left")])
        {
            await world.Cluster.Server.ForceDeleteAsync(scene.Namespace.Slipways("deployments", name));
            await world.Cluster.Server.ForceDeleteAsync(scene.Namespace.Slipways("stacks", name));
        }

        await Eventually.See(
            "ended", () => world.Ledger.StacksAsync(world.First.Name), rows => rows.Contains("kept deleted"), () => world.Operator.Log);
        (await world.Ledger.StacksAsync(world.Second.Name)).ShouldContain("left live");

        await world.Operator.StopAsync();
        await world.Access.GrantAsync(world.Second.Name);
        await world.StartAsync();
        await Eventually.See(
            "ended, too", () => world.Ledger.StacksAsync(world.Second.Name), rows => rows.Contains("left deleted"), () => world.Operator.Log);
    }

    private static async Task BeginAsync(Scene scene, string name = "left")
    {
        await scene.StackAsync(name);
        await scene.ReleaseAsync(name, scene.Push("broken", name).ByTag, name);
        await scene.PhaseAsync(name, "Activating");
    }
}
