using System.Text.Json.Nodes;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.EndToEnd;

/// <summary>What can be seen of the releases of a namespace, from outside.</summary>
public sealed class Story(TestNamespace scope, OperatorInstallation slipway)
{
    /// <summary>Releases a source, in flow style, on a stack: if none is named, that of <see cref="Page"/>.</summary>
    public Task<string> ReleaseAsync(string name, string source, string stack = "web") => scope.Apply($$$"""
        apiVersion: slipway.dev/v1alpha1
        kind: Deployment
        metadata: {name: {{{name}}}}
        spec:
          stack: {{{stack}}}
          source: { {{{source}}} }
        """);

    /// <summary>Waits for a release to be in a phase, as long as it has not failed.</summary>
    public async Task<JsonNode> SeeAsync(string name, string phase)
    {
        var seen = await Eventually.See(
            $"{name} {phase}",
            async () => (await scope.Server.GetAsync(scope.Slipways("deployments", name)))!,
            release => release.Text("status.phase") == phase || release.Text("status.phase") == "Failed",
            slipway.TellAsync);
        return seen.Text("status.phase") == phase
            ? seen
            : throw new InvalidOperationException($"{name} is not {phase}: {seen["status"]}\n{await slipway.TellAsync()}");
    }

    /// <summary>Waits for the container that builds to say something.</summary>
    public Task<string> SeeTheBuildSayAsync(string name, string words) => Eventually.See(
        $"the build of {name} says {words}",
        () => scope.Kubectl("logs", "--selector", LabelOf(name), "--container", "build", "--tail", "20", "--ignore-errors"),
        log => log.Contains(words, StringComparison.Ordinal),
        slipway.TellAsync);

    /// <summary>Waits until there is neither Job nor pod of a release's build.</summary>
    public Task<IReadOnlyList<JsonNode>> SeeNothingOfTheBuildAsync(string name) => Eventually.See<IReadOnlyList<JsonNode>>(
        $"nothing of the build of {name}",
        async () =>
        [
            .. await scope.Server.ListAsync($"/apis/batch/v1/namespaces/{scope.Name}/jobs?labelSelector={LabelOf(name)}"),
            .. await scope.Server.ListAsync($"{scope.Core("pods")}?labelSelector={LabelOf(name)}"),
        ],
        left => left.Count == 0,
        slipway.TellAsync);

    /// <summary>Waits until the last pod that runs a release has ended.</summary>
    public Task<IReadOnlyList<JsonNode>> SeeNoPodOfAsync(JsonNode release) => Eventually.See(
        $"no pod of {release.Text("metadata.name")}",
        () => scope.Server.ListAsync($"{scope.Core("pods")}?labelSelector=slipway.dev/stack,slipway.dev/version={release.Text("status.version")}"),
        left => left.Count == 0,
        slipway.TellAsync);

    private static string LabelOf(string name) => $"slipway.dev/release={name}";
}
