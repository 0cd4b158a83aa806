using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.EndToEnd;

/// <summary>The whole story once, with nothing faked: a node, a registry, PostgreSQL, the operator as a pod, kubectl.</summary>
[Collection(NodeCollection.Name)]
public sealed class ReleaseTests(NodeCluster cluster)
{
    private const int Port = 8080;
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    [Fact]
    public async Task Releases_follow_one_another_and_a_broken_one_leaves_the_page_up()
    {
        var slipway = await cluster.OperatorAsync();
        await using var scope = await cluster.NewNamespaceAsync();
        await scope.Apply($$$"""
            apiVersion: slipway.dev/v1alpha1
            kind: Stack
            metadata: {name: web}
            spec:
              replicas: 1
              service: {port: 80, targetPort: {{{Port}}}}
              template:
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: app
                      readinessProbe: {httpGet: {path: /, port: {{{Port}}}}, periodSeconds: 1}
            """);

        await ReleaseAsync(scope, "one", await ImageAsync("web", "1", "the first page"));
        (await scope.Kubectl("wait", "--for=condition=Ready", "deployments.slipway.dev/one", "--timeout=240s")).ShouldContain("condition met");
        var service = await cluster.Server.GetAsync(scope.Core("services", "web"));
        var page = new Uri($"http://{service.Text("spec.clusterIP")}/");
        await SeePageAsync(page, "the first page", slipway);
        await SeePageAsync(await PodPageAsync(scope), "the first page", slipway);

        await ReleaseAsync(scope, "two", await ImageAsync("web", "2", "the second page"));
        (await scope.Kubectl("wait", "--for=condition=Ready", "deployments.slipway.dev/two", "--timeout=240s")).ShouldContain("condition met");
        await SeePageAsync(page, "the second page", slipway);
        var one = await PhaseAsync(scope, "one", "Superseded", slipway);
        var two = await PhaseAsync(scope, "two", "Active", slipway);
        one.Text("status.supersededBy").ShouldBe(two.Text("status.version"));

        await cluster.Server.MergeAsync(scope.Slipways("stacks", "web"), Deadline(10));
        await ReleaseAsync(scope, "three", await ImageAsync("broken", "3", ""));
        var three = await PhaseAsync(scope, "three", "Failed", slipway);
        three.Text("status.failure.reason").ShouldBe("ProgressDeadlineExceeded");
        three.Text("status.failure.message")!.ShouldContain("not ready");
        await SeePageAsync(page, "the second page", slipway);
        (await PhaseAsync(scope, "two", "Active", slipway)).ConditionText("Ready").ShouldBe("True Active");
    }

    private static JsonObject Deadline(int seconds) =>
        new() { ["spec"] = new JsonObject { ["policy"] = new JsonObject { ["progressDeadlineSeconds"] = seconds } } };

    private static Task<string> ReleaseAsync(TestNamespace scope, string name, string image) => scope.Apply($$$"""
        apiVersion: slipway.dev/v1alpha1
        kind: Deployment
        metadata: {name: {{{name}}}}
        spec:
          stack: web
          source: {image: "{{{image}}}"}
        """);

    private Task<string> ImageAsync(string kind, string tag, string text) => cluster.PinnedImageAsync(kind, tag, "--text", text);

    private static Task<JsonNode> PhaseAsync(TestNamespace scope, string name, string phase, OperatorInstallation slipway) => Eventually.See(
        $"{name} {phase}",
        async () => (await scope.Server.GetAsync(scope.Slipways("deployments", name)))!,
        release => release.Text("status.phase") == phase,
        slipway.TellAsync);

    private async Task<Uri> PodPageAsync(TestNamespace scope)
    {
        var pod = (await cluster.Server.ListAsync(scope.Core("pods"))).Single(pod => pod.Text("metadata.deletionTimestamp") is null);
        return new Uri($"http://{pod.Text("status.podIP")}:{Port}/");
    }

    private static Task SeePageAsync(Uri page, string text, OperatorInstallation slipway) =>
        Eventually.See($"{page}: {text}", () => ReadAsync(page), body => body.Contains(text, StringComparison.Ordinal), slipway.TellAsync);

    private static async Task<string> ReadAsync(Uri page)
    {
        try
        {
            return await Http.GetStringAsync(page);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return exception.Message;
        }
    }
}
