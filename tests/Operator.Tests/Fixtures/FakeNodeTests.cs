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

    private static Task<IReadOnlyList<FakePod>> PodsAsync(TestNamespace scope, Func<IReadOnlyList<FakePod>, bool> holds) => Eventually.See(
        "pods",
        async () => (IReadOnlyList<FakePod>)[.. (await scope.Server.ListAsync(scope.Core("pods"))).Select(pod => new FakePod(pod))],
        holds);
}
