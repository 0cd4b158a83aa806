using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>
/// The API server goes and comes, the network to it fails silently, its certificates and our token change, and objects change meanwhile.
/// One operator process sees each of that through.
/// </summary>
[Collection(OutageCollection.Name)]
public sealed class ApiOutageTests(OutageCluster cluster, OutageWorld world) : IClassFixture<OutageWorld>, IAsyncLifetime
{
    private static readonly TimeSpan Cut = TimeSpan.FromMinutes(1);
    private int _process;

    [Fact]
    public async Task The_api_server_is_stopped_and_started()
    {
        await using var scene = await WithOneActiveAsync();
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Activating");
        var heard = world.Operator.Log.Length;

        await cluster.StopApiAsync();
        await world.HearAsync("failed", heard);
        await cluster.StartApiAsync();
        await CancelAsync(scene, "two");
        await ReleaseThreeAsync(scene);

        await scene.PhaseAsync("two", "Cancelled");
        await IsWhereItShouldBeAsync(scene, "three", ["one Superseded", "two Cancelled", "three Active"]);
    }

    [Fact]
    public async Task The_network_is_cut_for_a_minute_and_nobody_is_told()
    {
        await using var released = await WithOneActiveAsync();
        await using var cancelled = await WithOneActiveAsync();
        await cancelled.ReleaseAsync("two", cancelled.Push("two").ByTag);
        await cancelled.PhaseAsync("two", "Activating");
        await using var deleted = await WithOneActiveAsync();
        await deleted.ReleaseAsync("two", deleted.Push("two").ByTag);
        await deleted.PhaseAsync("two", "Activating");
        var started = TimeProvider.System.GetTimestamp();

        world.Network.Freeze();
        await ReleaseThreeAsync(released);
        await CancelAsync(cancelled, "two");
        await world.Cluster.Server.DeleteAsync(deleted.Namespace.Slipways("stacks", "web"));
        await Eventually.See("the minute is over", () => TimeProvider.System.GetElapsedTime(started) > Cut);
        (await released.GetReleaseAsync("three")).Number("status.observedGeneration").ShouldBe(-1);
        (await cancelled.GetReleaseAsync("two")).Text("status.phase").ShouldBe("Activating");
        world.Network.Thaw();

        await IsWhereItShouldBeAsync(released, "three", ["one Superseded", "three Active"]);
        await cancelled.PhaseAsync("two", "Cancelled");
        await IsWhereItShouldBeAsync(cancelled, "one", ["one Active", "two Cancelled"]);
        (await deleted.PhaseAsync("two", "Cancelled")).ConditionText("Stalled").ShouldBe("True StackDeleting");
        await Eventually.See("no stack", () => world.Cluster.Server.GetAsync(deleted.Namespace.Slipways("stacks", "web")), stack => stack is null);
        await Eventually.See("no workload", () => deleted.WorkloadAsync(), workload => workload is null);
    }

    [Fact]
    public async Task The_authority_is_replaced_and_the_file_knows_it_before()
    {
        await using var scene = await WithOneActiveAsync();
        var next = await cluster.NextAuthorityAsync();

        world.Access.WriteAuthority($"{await cluster.AuthorityAsync()}\n{next}");
        await cluster.StartApiAsync(newAuthority: true);
        await ReleaseThreeAsync(scene);
        await scene.PhaseAsync("three", "Active");

        world.Access.WriteAuthority(next);
        await world.ResetConnectionsAsync();
        await scene.ReleaseAsync("four", scene.Push("four").ByTag);

        await IsWhereItShouldBeAsync(scene, "four", ["one Superseded", "three Superseded", "four Active"]);
    }

    [Fact]
    public async Task The_authority_is_replaced_and_the_file_knows_it_only_later()
    {
        await using var scene = await WithOneActiveAsync();
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Activating");
        var heard = world.Operator.Log.Length;

        await cluster.StartApiAsync(newAuthority: true);
        await world.HearAsync("certificate", heard);
        await CancelAsync(scene, "two");
        await ReleaseThreeAsync(scene);
        world.Access.WriteAuthority(await cluster.AuthorityAsync());

        await scene.PhaseAsync("two", "Cancelled");
        await IsWhereItShouldBeAsync(scene, "three", ["one Superseded", "two Cancelled", "three Active"]);
    }

    [Fact]
    public async Task The_token_is_replaced_before_the_old_one_ends()
    {
        await using var scene = await WithOneActiveAsync();

        await world.Access.RotateTokenAsync();
        await ReleaseThreeAsync(scene);

        await IsWhereItShouldBeAsync(scene, "three", ["one Superseded", "three Active"]);
    }

    [Fact]
    public async Task The_token_ends_before_there_is_another_one()
    {
        await using var scene = await WithOneActiveAsync();
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Activating");
        var heard = world.Operator.Log.Length;

        await world.Access.RevokeAsync();
        await world.ResetConnectionsAsync();
        await CancelAsync(scene, "two");
        await ReleaseThreeAsync(scene);
        await world.HearAsync("Unauthorized", heard);
        (await scene.GetReleaseAsync("three")).Number("status.observedGeneration").ShouldBe(-1);
        world.Access.WriteToken(await world.Access.MintAsync());

        await scene.PhaseAsync("two", "Cancelled");
        await IsWhereItShouldBeAsync(scene, "three", ["one Superseded", "two Cancelled", "three Active"]);
    }

    public async Task InitializeAsync()
    {
        // The operator of the test before was killed, and would be waited for.
        await world.Cluster.Server.DeleteAsync(OperatorWorld.LeasePath);
        await world.Operator.StartAsync();
        _process = world.Operator.Id;
    }

    /// <summary>Whatever a test left undone is done, so that the next one fails for its own reasons only.</summary>
    public async Task DisposeAsync()
    {
        await world.Operator.DisposeAsync();
        world.Network.Thaw();
        if (cluster.IsApiStopped)
        {
            await cluster.StartApiAsync();
        }

        world.Access.WriteAuthority(await cluster.AuthorityAsync());
        world.Access.WriteToken(await world.Access.MintAsync());
    }

    /// <summary>A stack with an active release; one named "two" would never become ready.</summary>
    private async Task<Scene> WithOneActiveAsync()
    {
        var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/two", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready);
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        return scene;
    }

    private static Task CancelAsync(Scene scene, string name) =>
        scene.MergeReleaseAsync(name, new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });

    /// <summary>A release, an edit of the stack, and the workload taken away by hand: something of each for every watch.</summary>
    private async Task ReleaseThreeAsync(Scene scene)
    {
        await world.Cluster.Server.DeleteAsync(scene.Namespace.Apps("deployments", "web"));
        await scene.StackAsync(spec: StackSpecs.Replicas(2));
        await scene.ReleaseAsync("three", scene.Push("three").ByTag);
    }

    /// <summary>Active is what should be, the workload runs it, every release was made once, and it is still the same process.</summary>
    private async Task IsWhereItShouldBeAsync(Scene scene, string active, IReadOnlyList<string> releases)
    {
        var image = (await scene.PhaseAsync(active, "Active")).Text("status.imageReference");
        await scene.SeeStackAsync(
            "web", "settled", stack => stack.ConditionText("Ready") == "True Active" && stack.Condition("Reconciling") is null
                && stack.Text("status.activeDeployment") == active);
        await scene.SeeWorkloadAsync("runs it", workload => workload.Text("spec.template.spec.containers.0.image") == image
            && workload.Number("status.availableReplicas") == workload.Number("spec.replicas"));
        foreach (var release in releases)
        {
            await scene.PhaseAsync(release.Split(' ')[0], release.Split(' ')[1]);
        }

        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Select(release => $"{release.Name} {release.Phase}")
            .ShouldBe(releases.Select(release => release.ToLowerInvariant()));
        var moves = await world.Ledger.MovesAsync(scene.Namespace.Name);
        moves.Select(move => (move.Name, move.To)).ShouldBeUnique();
        world.Operator.IsRunning.ShouldBeTrue(world.Operator.Log);
        world.Operator.Id.ShouldBe(_process);
    }
}
