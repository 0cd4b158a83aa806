using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.Operator.Tests.Fixtures;

[Collection(ClusterCollection.Name)]
public sealed class ApiProxyTests(LocalCluster cluster)
{
    [Fact]
    public async Task It_forwards_what_no_rule_is_about_and_writes_it_down()
    {
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        var kubectl = new Kubectl(proxy.KubeConfigPath);

        (await kubectl.Run("get", "stacks", "--all-namespaces")).ShouldNotBeNull();

        proxy.Requests.ShouldContain(request => request.Method == "GET" && request.Path == "/apis/slipway.dev/v1alpha1/stacks");
    }

    [Fact]
    public async Task Who_comes_through_it_has_the_operators_rights_and_no_others()
    {
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);

        var result = await new Kubectl(proxy.KubeConfigPath).Try("get", "nodes");

        result.ExitCode.ShouldNotBe(0);
        result.Output.ShouldContain("system:serviceaccount:slipway-system:slipway");
    }

    [Fact]
    public async Task A_write_whose_answer_is_dropped_has_happened()
    {
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        var dropped = proxy.OnFirst(request => request.Method == "POST", exchange => exchange.ForwardAndDropAsync());

        var result = await new Kubectl(proxy.KubeConfigPath).Try("create", "service", "clusterip", "it", "--tcp=80", "--namespace", scope.Name);

        await dropped.WaitAsync(Eventually.Patience);
        result.ExitCode.ShouldNotBe(0);
        (await cluster.Server.GetAsync(scope.Core("services", "it"))).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_watch_is_streamed_event_by_event()
    {
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        using var through = ApiServer.FromKubeConfig(JsonNode.Parse(
            await new Kubectl(proxy.KubeConfigPath).Run("config", "view", "--raw", "--minify", "--output", "json"))!);
        await using var recorder = await WatchRecorder.StartAsync(through, scope.Core("services"));

        await scope.Kubectl("create", "service", "clusterip", "seen", "--tcp=80");

        await Eventually.See("the event", () => recorder.States[^1].Any(item => item.Text("metadata.name") == "seen"));
    }
}
