using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class LifecycleTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Fact]
    public async Task Cancelled_while_waiting_it_never_gets_a_version()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: new JsonObject { ["suspend"] = true });
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        await scene.WaitsAsync("one", "Suspended");

        await scene.MergeReleaseAsync("one", new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
        var release = await scene.PhaseAsync("one", "Cancelled");
        await scene.MergeReleaseAsync("one", new JsonObject { ["spec"] = new JsonObject { ["cancel"] = null } });
        await scene.MergeStackAsync("web", new JsonObject { ["spec"] = new JsonObject { ["suspend"] = false } });
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);

        (await scene.PhaseAsync("two", "Active")).Text("status.version")!.ShouldEndWith(".1");
        release.Text("status.version").ShouldBeNull();
        release.ConditionText("Stalled").ShouldBe("True Cancelled");
        (await scene.SeeReleaseAsync("one", "the latch holds", one => one.Number("status.observedGeneration") == one.Number("metadata.generation")))
            .Text("status.phase").ShouldBe("Cancelled");
    }

    [Fact]
    public async Task What_it_does_can_be_scraped()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        await scene.PhaseAsync("one", "Active");

        var metrics = await world.Operator.AnswerAsync("metrics");

        foreach (var line in (string[])
            [
                "slipway_release_transitions_total{phase=\"Active\"} ", "controller_runtime_reconcile_total{controller=\"stack\",result=\"success\"} ",
                "controller_runtime_reconcile_time_seconds_bucket{controller=\"deployment\",le=\"+Inf\"} ", "workqueue_depth{", "rest_client_requests_total{",
            ])
        {
            metrics.Split('\n').Where(one => one.StartsWith(line, StringComparison.Ordinal)).ShouldNotBeEmpty($"{line}\n{metrics}");
        }

        metrics.Split('\n').Count(one => one.StartsWith("# TYPE slipway_release_transitions_total", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("delete")]
    public async Task Taken_back_while_activating_the_former_release_runs_on(string how)
    {
        await using var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/two", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready);
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        var one = await scene.PhaseAsync("one", "Active");
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await Eventually.See("pods of both", scene.PodsAsync, pods => pods.Count == 2, () => world.Operator.Log);

        if (how == "cancel")
        {
            await scene.MergeReleaseAsync("two", new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
            await scene.PhaseAsync("two", "Cancelled");
        }
        else
        {
            await scene.DeleteAsync(scene.Namespace.Slipways("deployments", "two"));
        }

        await scene.SeeWorkloadAsync("put back", workload => workload.Text("spec.template.spec.containers.0.image") == one.Text("status.imageReference"));
        await Eventually.See("only the former pod", scene.PodsAsync, pods => pods.Count == 1 && pods[0].IsReady);
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Select(release => release.Phase).ShouldBe(["active", "cancelled"]);
    }

    [Fact]
    public async Task Deleting_a_finished_release_changes_nothing_that_runs()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        await scene.PhaseAsync("one", "Active");
        var workload = await scene.SettledWorkloadAsync();

        await scene.DeleteAsync(scene.Namespace.Slipways("deployments", "one"));

        await scene.SeeStackAsync("web", "still active", stack => stack.Text("status.activeDeployment") == "one");
        (await scene.WorkloadAsync()).Text("metadata.resourceVersion").ShouldBe(workload.Text("metadata.resourceVersion"));
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Select(release => release.Phase).ShouldBe(["active"]);
    }

    [Fact]
    public async Task A_deleted_stack_takes_its_workload_along_and_ends_what_waits()
    {
        await using var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/two", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready);
        await scene.StackAsync(spec: new JsonObject { ["service"] = new JsonObject { ["port"] = 80 } });
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Activating");
        await scene.ReleaseAsync("three", scene.Push("three").ByTag);
        await scene.SeeReleaseAsync("three", "waits", release => release.ConditionText("Reconciling").StartsWith("True", StringComparison.Ordinal));

        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));

        (await scene.PhaseAsync("two", "Cancelled")).ConditionText("Stalled").ShouldBe("True StackDeleting");
        (await scene.PhaseAsync("three", "Cancelled")).ConditionText("Stalled").ShouldBe("True StackDeleting");
        await Eventually.See("no workload", () => scene.WorkloadAsync(), workload => workload is null);
        await Eventually.See(
            "no service", () => world.Cluster.Server.GetAsync(scene.Namespace.Core("services", "web")), service => service is null);
        await Eventually.See("no pods", scene.PodsAsync, pods => pods.Count == 0);
    }

    [Fact]
    public async Task A_stack_deleted_with_orphan_leaves_the_workload_running_and_its_successor_adopts_it()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: new JsonObject { ["deletionPolicy"] = "Orphan" });
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        var before = await scene.WorkloadAsync();

        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));

        var orphan = await scene.WorkloadAsync();
        orphan.Text("metadata.uid").ShouldBe(before.Text("metadata.uid"));
        orphan.Text("metadata.deletionTimestamp").ShouldBeNull();
        orphan.Items("metadata.ownerReferences").ShouldBeEmpty();
        orphan.Number("status.availableReplicas").ShouldBe(1);
        await scene.StackAsync();
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        (await scene.PhaseAsync("two", "Active")).Text("status.version")!.ShouldEndWith(".2");
        (await scene.WorkloadAsync()).Text("metadata.uid").ShouldBe(before.Text("metadata.uid"));
    }

    [Fact]
    public async Task What_somebody_changes_by_hand_is_put_back()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        var image = (await scene.PhaseAsync("one", "Active")).Text("status.imageReference");

        await scene.Namespace.Kubectl("set", "image", "deployment.apps/web", "app=example.org/by-hand:1");
        await scene.SeeWorkloadAsync("put back", workload => workload.Text("spec.template.spec.containers.0.image") == image
            && workload.Number("metadata.generation") >= 3);

        var uid = (await scene.WorkloadAsync()).Text("metadata.uid");
        await scene.Namespace.Kubectl("delete", "deployment.apps/web", "--wait=false");
        await scene.SeeWorkloadAsync("made again", workload => workload.Text("metadata.uid") != uid && workload.Number("status.availableReplicas") == 1);
        (await scene.GetReleaseAsync("one")).Text("status.phase").ShouldBe("Active");
    }

    [Fact]
    public async Task Replicas_that_the_stack_does_not_name_belong_to_an_autoscaler()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: StackSpecs.Replicas(null));
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        await scene.Namespace.Kubectl("scale", "deployment.apps/web", "--replicas=3");
        await scene.SeeWorkloadAsync("scaled", workload => workload.Number("status.availableReplicas") == 3);

        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Active");

        (await scene.WorkloadAsync()).Number("spec.replicas").ShouldBe(3);
    }

    [Fact]
    public async Task Replicas_of_the_stack_apply_at_once_and_win_over_a_hand()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: StackSpecs.Replicas(1));
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        await scene.PhaseAsync("one", "Active");

        await scene.StackAsync(spec: StackSpecs.Replicas(2));
        await scene.SeeWorkloadAsync("two replicas", workload => workload.Number("status.availableReplicas") == 2);
        await scene.Namespace.Kubectl("scale", "deployment.apps/web", "--replicas=5");

        await scene.SeeWorkloadAsync("put back", workload => workload.Number("spec.replicas") == 2 && workload.Number("metadata.generation") >= 4);
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stack_with_no_replicas_is_active_scaled_to_zero()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: StackSpecs.Replicas(0));
        await scene.ReleaseAsync("one", scene.Push().ByTag);

        var release = await scene.PhaseAsync("one", "Active");

        release.ConditionText("WorkloadReady").ShouldBe("True ScaledToZero");
        (await scene.PodsAsync()).ShouldBeEmpty();
    }
}
