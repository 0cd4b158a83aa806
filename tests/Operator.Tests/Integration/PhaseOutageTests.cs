using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Slipway.Testing.Registry;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>
/// An outage meets releases in every phase that one can be in, and what they waited for happens meanwhile. All go on afterwards, with the
/// version that they had, and no deadline that passed during the outage is held against them.
/// </summary>
[Collection(OutageCollection.Name)]
public sealed class PhaseOutageTests(OutageCluster cluster, OutageWorld world) : IClassFixture<OutageWorld>, IAsyncLifetime
{
    private const int Deadline = 25;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30);

    private static readonly IReadOnlyList<OutagePhase> Phases =
    [
        new OutagePhase
        {
            Name = "waiting for its turn",
            ReachAsync = async (scene, _) =>
            {
                await scene.ReleaseAsync("one", scene.Push("held").ByTag);
                await scene.PhaseAsync("one", "Activating");
                await scene.ReleaseAsync("two", scene.Push("two").ByTag);
                await scene.WaitsAsync("two", "DeploymentInProgress");
            },
            GoOn = (_, gate) => gate.Open(),
            Moves = ["one: pending activating active superseded", "two: pending activating active"],
        },
        new OutagePhase
        {
            Name = "Pending",
            ReachAsync = async (scene, gate) =>
            {
                scene.World.Registry.Fail($"{scene.Namespace.Name}/one", new RegistryFault(HttpStatusCode.ServiceUnavailable, gate));
                await scene.ReleaseAsync("one", scene.Push("one").ByTag);
                await scene.SeeReleaseAsync("one", "a version", release => release.Text("status.version") is not null);
            },
            GoOn = (scene, _) => scene.World.Registry.Heal($"{scene.Namespace.Name}/one"),
            Moves = ["one: pending activating active"],
        },
        new OutagePhase
        {
            Name = "Building",
            ReachAsync = (scene, gate) => BuildAsync(scene, new Builder { Build = gate }, "Building"),
            GoOn = (_, gate) => gate.Open(),
            Moves = ["one: pending building pushing activating active"],
        },
        new OutagePhase
        {
            Name = "Pushing",
            ReachAsync = (scene, gate) => BuildAsync(scene, new Builder { Push = gate }, "Pushing"),
            GoOn = (_, gate) => gate.Open(),
            Moves = ["one: pending building pushing activating active"],
        },
        new OutagePhase
        {
            Name = "Activating",
            ReachAsync = async (scene, _) =>
            {
                await scene.ReleaseAsync("one", scene.Push("held").ByTag);
                await scene.SeeReleaseAsync("one", "a deadline of its rollout", release => release.At("status.transitions.1") is not null
                    && release.Text("status.deadlineAt") is not null);
                await Eventually.See("a pod", scene.PodsAsync, pods => pods.Count == 1, () => scene.World.Operator.Log);
            },
            GoOn = (_, gate) => gate.Open(),
            Moves = ["one: pending activating active"],
        },
    ];

    [Fact]
    public async Task The_database_is_away_for_half_a_minute_and_longer_than_every_deadline()
    {
        var releases = await ReachAsync(StackSpecs.Deadlines(Deadline));
        var heard = world.Operator.Log.Length;
        var started = TimeProvider.System.GetTimestamp();

        await world.DatabasePort.StopAsync();
        await world.HearAsync("cannot be reached", heard);
        releases.ForEach(release => release.Phase.GoOn(release.Scene, release.Gate));
        await Eventually.See("half a minute is over", () => TimeProvider.System.GetElapsedTime(started) > Outage);
        world.DatabasePort.Start();

        await EndWellAsync(releases);
    }

    [Fact]
    public async Task The_api_server_is_restarted()
    {
        var releases = await ReachAsync([]);
        var heard = world.Operator.Log.Length;

        await cluster.StopApiAsync();
        await world.HearAsync("failed", heard);
        releases.ForEach(release => release.Phase.GoOn(release.Scene, release.Gate));
        await cluster.StartApiAsync();

        await EndWellAsync(releases);
    }

    public async Task InitializeAsync()
    {
        // The operator of the test before was killed, and would be waited for.
        await world.Cluster.Server.DeleteAsync(OperatorWorld.LeasePath);
        await world.Operator.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await world.Operator.DisposeAsync();
        await world.DatabasePort.StopAsync();
        world.DatabasePort.Start();
        if (cluster.IsApiStopped)
        {
            await cluster.StartApiAsync();
        }
    }

    /// <summary>A release in each phase, side by side: one outage meets them all.</summary>
    private async Task<List<HeldRelease>> ReachAsync(JsonObject spec)
    {
        var releases = await Task.WhenAll(Phases.Select(phase => ReachAsync(phase, spec)));
        return [.. releases];
    }

    private async Task<HeldRelease> ReachAsync(OutagePhase phase, JsonObject spec)
    {
        var gate = new Gate();
        var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/held", StringComparison.Ordinal) ? PodBehaviour.ReadyAfter(gate) : PodBehaviour.Ready);
        await scene.StackAsync(spec: spec);
        await phase.ReachAsync(scene, gate);
        return new HeldRelease(phase, scene, gate, await world.Ledger.ReleasesAsync(scene.Namespace.Name));
    }

    private static async Task BuildAsync(Scene scene, Builder builder, string phase)
    {
        builder.Pushes(scene);
        scene.World.Node.Serve(scene.Namespace.Name, builder.Behave);
        await scene.ReleaseAsync("one", Builder.Spec());
        await scene.PhaseAsync("one", phase);
    }

    private async Task EndWellAsync(IReadOnlyList<HeldRelease> releases)
    {
        foreach (var (phase, scene, _, before) in releases)
        {
            await Eventually.See(
                $"{phase.Name}: the end", () => MovesAsync(scene), moves => moves.SequenceEqual(phase.Moves), () => world.Operator.Log);
            await scene.PhaseAsync(phase.Moves[^1].Split(':')[0], "Active");
            await scene.SeeStackSettledAsync();
            (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Take(before.Count).Select(release => release.Version)
                .ShouldBe(before.Select(release => release.Version), phase.Name);
            (await scene.ReplicaSetsAsync()).Count.ShouldBe(phase.Moves.Count, phase.Name);
            await Builder.SeeNoBuildAsync(scene);
            await scene.DisposeAsync();
        }

        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<string>> MovesAsync(Scene scene) =>
    [
        .. (await world.Ledger.MovesAsync(scene.Namespace.Name)).GroupBy(move => move.Name).OrderBy(release => release.Key)
            .Select(release => $"{release.Key}: {string.Join(' ', release.Select(move => move.To))}"),
    ];

    /// <summary>A state that a release stays in until something happens elsewhere.</summary>
    private sealed record OutagePhase
    {
        public required string Name { get; init; }

        /// <summary>Brings a release there; pods of the image "held" wait for the gate.</summary>
        public required Func<Scene, Gate, Task> ReachAsync { get; init; }

        /// <summary>What it waited for happens.</summary>
        public required Action<Scene, Gate> GoOn { get; init; }

        /// <summary>All moves of all releases in the end, by name.</summary>
        public required IReadOnlyList<string> Moves { get; init; }
    }

    private sealed record HeldRelease(OutagePhase Phase, Scene Scene, Gate Gate, IReadOnlyList<StoredRelease> Before);
}
