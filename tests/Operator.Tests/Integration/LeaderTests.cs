using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Two operators in one cluster: one leads. Whatever becomes of it, the other goes on with its releases.</summary>
[Collection(ClusterCollection.Name)]
public sealed class LeaderTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    private const int LeaseLost = 4;

    private OperatorProcess _first = null!;
    private OperatorProcess _second = null!;

    public async Task InitializeAsync()
    {
        await world.Cluster.Server.DeleteAsync(OperatorWorld.LeasePath);
        (_first, _second) = (NewOperator(), NewOperator());
        await _first.StartAsync();
        await LeadsAsync(_first);
        await _second.StartAsync();
        await StandsByAsync(_second);
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await world.Cluster.Server.DeleteAsync(OperatorWorld.LeasePath);
    }

    [Fact]
    public async Task The_other_one_goes_on_at_once_when_the_leader_is_told_to_stop()
    {
        var gate = new Gate();
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.ReadyAfter(gate));
        var before = await BeginReleaseAsync(scene);
        var lease = await LeaseAsync();

        (await _first.StopAsync()).ShouldBe(0, _first.Log);
        await LeadsAsync(_second);
        gate.Open();

        (await PhaseAsync(scene, "one", "Active")).Text("status.version").ShouldBe(before.Text("status.version"));
        (await LeaseAsync()).Number("spec.leaseTransitions").ShouldBe(lease.Number("spec.leaseTransitions") + 1);
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Count.ShouldBe(1);
        (await scene.ReplicaSetsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_other_one_goes_on_when_the_leader_is_killed()
    {
        var gate = new Gate();
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.ReadyAfter(gate));
        await BeginReleaseAsync(scene);

        await _first.KillAsync();
        await LeadsAsync(_second);
        gate.Open();

        await PhaseAsync(scene, "one", "Active");
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Count.ShouldBe(1);
        (await scene.ReplicaSetsAsync()).Count.ShouldBe(1);
    }

    /// <summary>The leader is paused beyond its lease, and wakes up in the middle of its work while another leads.</summary>
    [Fact]
    public async Task A_leader_that_was_paused_ends_and_changes_nothing()
    {
        var gate = new Gate();
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.ReadyAfter(gate));
        await BeginReleaseAsync(scene);

        _first.Pause();
        await LeadsAsync(_second);
        gate.Open();
        await PhaseAsync(scene, "one", "Active");
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        var active = await PhaseAsync(scene, "two", "Active");
        _first.Resume();

        (await _first.ExitAsync()).ShouldBe(LeaseLost, _first.Log);
        _first.Log.ShouldContain("Leading no more");
        (await scene.GetReleaseAsync("two")).Text("metadata.resourceVersion").ShouldBe(active.Text("metadata.resourceVersion"));
        (await PhaseAsync(scene, "one", "Superseded")).Text("status.supersededBy").ShouldNotBeNull();
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Count.ShouldBe(2);
        (await scene.ReplicaSetsAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Deleting_the_lease_makes_the_leader_end_and_the_other_one_lead()
    {
        await world.Cluster.Server.DeleteAsync(OperatorWorld.LeasePath);

        (await _first.ExitAsync()).ShouldBe(LeaseLost, _first.Log);
        await LeadsAsync(_second);
    }

    [Fact]
    public async Task A_standby_does_nothing_and_is_ready()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        await PhaseAsync(scene, "one", "Active");

        (await _second.IsReadyAsync()).ShouldBeTrue();
        _second.Log.ShouldNotContain(scene.Namespace.Name);
        (await _second.StopAsync()).ShouldBe(0, _second.Log);
        (await LeaseAsync()).Text("spec.holderIdentity").ShouldNotBeNullOrEmpty();
    }

    private OperatorProcess NewOperator() => new(
        world.Ledger.Through(world.DatabasePort), world.Proxy.KubeConfigPath,
        "--lease-namespace", "slipway-system", "--lease-duration", "12s", "--lease-renew-deadline", "10s", "--lease-retry-period", "1s");

    private static async Task<JsonNode> BeginReleaseAsync(Scene scene)
    {
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        return await scene.SeeReleaseAsync("one", "activates", release => release.Text("status.phase") == "Activating");
    }

    private Task<JsonNode> PhaseAsync(Scene scene, string name, string phase) =>
        scene.SeeReleaseAsync(name, phase, release => release.Text("status.phase") == phase);

    private async Task<JsonNode> LeaseAsync() => (await world.Cluster.Server.GetAsync(OperatorWorld.LeasePath))!;

    private static Task LeadsAsync(OperatorProcess one) =>
        Eventually.See("leads", () => one.Log.Contains("Leading as", StringComparison.Ordinal), () => one.Log);

    private static Task StandsByAsync(OperatorProcess one) =>
        Eventually.See("stands by", () => one.Log.Contains("Standing by:", StringComparison.Ordinal), () => one.Log);
}
