using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Fixtures;

/// <summary>What the other tests lean on, checked with Kubernetes' own controllers and without an operator.</summary>
[Collection(ClusterCollection.Name)]
public sealed class FakeNodeTests(LocalCluster cluster)
{
    [Fact]
    public async Task Pods_become_ready_when_the_test_lets_them_and_are_gone_when_deleted()
    {
        var gate = new Gate();
        await using var node = await FakeNode.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        node.Serve(scope.Name, pod => PodBehaviour.ReadyAfter(gate));
        await scope.Kubectl("create", "deployment", "web", "--image", $"example.org/web:1@sha256:{new string('5', 64)}");
        var running = await PodsAsync(scope, pods => pods.Count == 1 && pods[0].Json.Text("status.phase") == "Running");
        running[0].IsReady.ShouldBeFalse();

        gate.Open();

        var ready = await PodsAsync(scope, pods => pods.All(pod => pod.IsReady));
        ready[0].Json.Text("status.containerStatuses.0.imageID").ShouldBe($"example.org/web@sha256:{new string('5', 64)}");
        await Eventually.See(
            "available", () => cluster.Server.GetAsync(scope.Apps("deployments", "web")), workload => workload.Number("status.availableReplicas") == 1);
        await scope.Kubectl("delete", "deployment.apps/web");
        await PodsAsync(scope, pods => pods.Count == 0);
    }

    [Fact]
    public async Task A_pod_names_the_cause_for_which_it_does_not_run()
    {
        await using var node = await FakeNode.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        node.Serve(scope.Name, _ => PodBehaviour.ImagePullBackOff("no such image"));
        await scope.Kubectl("create", "deployment", "web", "--image", "example.org/web:1");

        var pods = await PodsAsync(scope, pods => pods.Count == 1 && pods[0].Json.At("status.containerStatuses.0") is not null);

        pods[0].Json.Text("status.containerStatuses.0.state.waiting.reason").ShouldBe("ImagePullBackOff");
        pods[0].Json.Text("status.containerStatuses.0.state.waiting.message").ShouldBe("no such image");
    }

    [Fact]
    public async Task A_pod_runs_to_its_end_step_by_step_as_the_test_lets_it()
    {
        var (first, second) = (new Gate(), new Gate());
        await using var node = await FakeNode.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        node.Serve(scope.Name, _ => PodBehaviour.RunsToEnd(
            new PodStep("one", Message: "made") { Gate = first }, new PodStep("two", Message: "done") { Gate = second }));
        await scope.Apply(TwoSteps);

        var running = await PodsAsync(scope, pods => pods.Count == 1 && InitState(pods[0], "running") is not null);
        running[0].Json.Text("status.phase").ShouldBe("Pending");
        running[0].Json.Text("status.containerStatuses.0.state.waiting.reason").ShouldBe("PodInitializing");

        first.Open();
        var main = await PodsAsync(scope, pods => State(pods[0], "running") is not null);
        InitState(main[0], "terminated.message").ShouldBe("made");
        main[0].Json.Text("status.phase").ShouldBe("Running");
        (await JobAsync(scope, job => job.Number("status.active") == 1)).Condition("Complete").ShouldBeNull();

        second.Open();
        await JobAsync(scope, job => job.Condition("Complete").Text("status") == "True");
        var over = await PodsAsync(scope, pods => pods[0].Json.Text("status.phase") == "Succeeded");
        State(over[0], "terminated.message").ShouldBe("done");
    }

    [Fact]
    public async Task A_pod_fails_with_the_first_step_that_does_and_begins_no_other()
    {
        await using var node = await FakeNode.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        node.Serve(scope.Name, _ => PodBehaviour.RunsToEnd(new PodStep("one", 137, Reason: "OOMKilled")));
        await scope.Apply(TwoSteps);

        var job = await JobAsync(scope, job => job.Condition("Failed").Text("status") == "True");

        job.Condition("Failed").Text("reason").ShouldBe("BackoffLimitExceeded");
        var pod = (await PodsAsync(scope, pods => pods.Count == 1))[0];
        (pod.Json.Text("status.phase"), InitState(pod, "terminated.reason")).ShouldBe(("Failed", "OOMKilled"));
        State(pod, "waiting.reason").ShouldBe("PodInitializing");
    }

    private const string TwoSteps = """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: steps}
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
              initContainers: [{name: one, image: "example.org/step:1"}]
              containers: [{name: two, image: "example.org/step:1"}]
        """;

    private static string? State(FakePod pod, string path) => pod.Json.At($"status.containerStatuses.0.state.{path}")?.ToString();

    private static string? InitState(FakePod pod, string path) => pod.Json.At($"status.initContainerStatuses.0.state.{path}")?.ToString();

    private static Task<System.Text.Json.Nodes.JsonNode> JobAsync(TestNamespace scope, Func<System.Text.Json.Nodes.JsonNode, bool> holds) => Eventually.See(
        "job", async () => (await scope.Server.GetAsync($"/apis/batch/v1/namespaces/{scope.Name}/jobs/steps"))!, holds);

    private static Task<IReadOnlyList<FakePod>> PodsAsync(TestNamespace scope, Func<IReadOnlyList<FakePod>, bool> holds) => Eventually.See(
        "pods",
        async () => (IReadOnlyList<FakePod>)[.. (await scope.Server.ListAsync(scope.Core("pods"))).Select(pod => new FakePod(pod))],
        holds);
}
