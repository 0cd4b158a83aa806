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
    public async Task Held_watches_tell_nothing_until_they_are_let_go_and_everything_else_works()
    {
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        using var through = await ThroughAsync(proxy);
        await using var recorder = await WatchRecorder.StartAsync(through, scope.Core("services"));
        await scope.Kubectl("create", "service", "clusterip", "before", "--tcp=80");
        await Eventually.See("the event", () => recorder.States[^1].Count == 1);

        proxy.HoldWatches();
        await scope.Kubectl("create", "service", "clusterip", "held", "--tcp=80");
        (await through.GetAsync(scope.Core("services", "held"))).ShouldNotBeNull();
        recorder.States[^1].Count.ShouldBe(1);
        proxy.ReleaseWatches();

        await Eventually.See("the event that was held", () => recorder.States[^1].Any(item => item.Text("metadata.name") == "held"));
    }

    [Fact]
    public async Task What_is_cut_ends_at_once_and_what_is_asked_afterwards_is_answered()
    {
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        using var through = await ThroughAsync(proxy);
        proxy.HoldWatches();
        await using var watching = through.WatchAsync(scope.Core("services"), "0", CancellationToken.None).GetAsyncEnumerator();
        var next = watching.MoveNextAsync().AsTask();
        await Eventually.See("the watch", () => proxy.Requests.Any(request => request.IsWatch));

        proxy.CutConnections();

        await Should.ThrowAsync<Exception>(() => next.WaitAsync(Eventually.Patience));
        (await through.GetAsync(scope.Core("services"))).ShouldNotBeNull();
    }

    /// <summary>What is cut may be ending by itself at that very moment.</summary>
    [Fact]
    public async Task Cutting_never_touches_what_has_ended_already()
    {
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        using var http = new HttpClient { BaseAddress = await AddressOfAsync(proxy) };
        using var over = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!over.IsCancellationRequested)
            {
                await Record.ExceptionAsync(() => http.GetAsync("/version"));
            }
        }).ToList();

        while (proxy.Requests.Count < 2000)
        {
            proxy.CutConnections();
            await Task.Yield();
        }

        await over.CancelAsync();
        await Task.WhenAll(asking);
    }

    [Fact]
    public async Task A_watch_is_streamed_event_by_event()
    {
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await using var scope = await cluster.NewNamespaceAsync();
        using var through = await ThroughAsync(proxy);
        await using var recorder = await WatchRecorder.StartAsync(through, scope.Core("services"));

        await scope.Kubectl("create", "service", "clusterip", "seen", "--tcp=80");

        await Eventually.See("the event", () => recorder.States[^1].Any(item => item.Text("metadata.name") == "seen"));
    }

    private static async Task<Uri> AddressOfAsync(ApiProxy proxy) => new(
        await new Kubectl(proxy.KubeConfigPath).Run("config", "view", "--raw", "--minify", "--output", "jsonpath={.clusters[0].cluster.server}"));

    private static async Task<ApiServer> ThroughAsync(ApiProxy proxy) => ApiServer.FromKubeConfig(JsonNode.Parse(
        await new Kubectl(proxy.KubeConfigPath).Run("config", "view", "--raw", "--minify", "--output", "json"))!);
}
