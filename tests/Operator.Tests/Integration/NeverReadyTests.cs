using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class NeverReadyTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    public static TheoryData<string> Causes => [.. Behaviours.Keys];

    private static readonly Dictionary<string, PodBehaviour> Behaviours = new()
    {
        ["containers with unready status"] = PodBehaviour.NeverReady,
        ["back-off 5m0s restarting failed container"] = PodBehaviour.CrashLoopBackOff("back-off 5m0s restarting failed container"),
        ["ImagePullBackOff"] = PodBehaviour.ImagePullBackOff("Back-off pulling image"),
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task A_release_whose_pods_never_become_ready_fails_and_the_former_one_serves_throughout(string cause)
    {
        await using var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/bad", StringComparison.Ordinal) ? Behaviours[cause] : PodBehaviour.Ready);
        await scene.StackAsync(spec: StackSpecs.Replicas(2));
        await scene.ReleaseAsync("good", scene.Push("good").ByTag);
        var good = await scene.PhaseAsync("good", "Active");
        await scene.DeadlineAsync(6);
        await using var pods = await WatchRecorder.StartAsync(world.Cluster.Server, scene.Namespace.Core("pods"));

        await scene.ReleaseAsync("bad", scene.Push("bad").ByTag);
        var bad = await scene.PhaseAsync("bad", "Failed");

        bad.Text("status.failure.reason").ShouldBe("ProgressDeadlineExceeded");
        bad.Text("status.failure.message")!.ShouldContain(cause);
        bad.ConditionText("Ready").ShouldBe("False ProgressDeadlineExceeded");
        bad.ConditionText("Stalled").ShouldBe("True ProgressDeadlineExceeded");
        await AssertPutBack(scene, good.Text("status.imageReference")!, pods);
        (await scene.GetReleaseAsync("good")).Text("status.phase").ShouldBe("Active");
        var stack = await scene.SeeStackAsync("web", "nothing in flight", stack => stack.Items("status.inFlight").Count == 0);
        stack.ConditionText("Ready").ShouldBe("True Active");
        stack.Condition("Stalled").ShouldBeNull();

        var seen = pods.States.Select(state => state.Select(pod => new FakePod(pod)).ToList()).ToList();
        seen.Min(state => state.Count(pod => pod.IsReady && pod.Image == good.Text("status.imageReference"))).ShouldBe(2);
        seen.ShouldContain(state => state.Any(pod => pod.Image != good.Text("status.imageReference")));
    }

    [Fact]
    public async Task After_a_first_release_that_failed_the_next_one_lands()
    {
        await using var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/bad", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready);
        await scene.StackAsync(spec: StackSpecs.Deadline(2));
        await scene.ReleaseAsync("bad", scene.Push("bad").ByTag);
        await scene.PhaseAsync("bad", "Failed");
        await Eventually.See("nothing runs", scene.PodsAsync, pods => pods.Count == 0, () => world.Operator.Log);

        await scene.DeadlineAsync(600);
        await scene.ReleaseAsync("good", scene.Push("good").ByTag);

        await scene.PhaseAsync("good", "Active");
    }

    private static async Task AssertPutBack(Scene scene, string image, WatchRecorder pods)
    {
        await scene.SeeWorkloadAsync(
            "put back",
            workload => workload.Text("spec.template.spec.containers.0.image") == image
                && workload.Number("status.observedGeneration") == workload.Number("metadata.generation")
                && workload.Number("status.replicas") == 2
                && workload.Number("status.availableReplicas") == 2);
        await Eventually.See(
            "only pods of the former release",
            () => pods.States[^1].Count == 2 && pods.States[^1].All(pod => new FakePod(pod).Image == image));
    }
}
