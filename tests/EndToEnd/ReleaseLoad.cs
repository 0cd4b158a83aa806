using Slipway.Testing.Cluster;

namespace Slipway.EndToEnd;

/// <summary>Many releases of several stacks: half of these let each release have its turn, the others only the newest.</summary>
public sealed class ReleaseLoad(TestNamespace scope, string image, int stacks)
{
    /// <summary>The release that a stack gets in a round.</summary>
    public static string NameOf(int stack, int round) => $"app-{stack}-{round}";

    /// <summary>Makes the stacks.</summary>
    public Task BeginAsync() => ApplyAsync(stack => $$$"""
        apiVersion: slipway.dev/v1alpha1
        kind: Stack
        metadata: {name: app-{{{stack}}}}
        spec:
          replicas: 1
          policy: {concurrency: {{{(stack % 2 == 0 ? "Queue" : "Supersede")}}}}
          template:
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{name: app}]
        """);

    /// <summary>Releases on every stack, round by round, as fast as kubectl is.</summary>
    public async Task ReleaseAsync(int first, int rounds)
    {
        for (var round = first; round < first + rounds; round++)
        {
            await ReleaseAsync(round);
        }
    }

    private Task ReleaseAsync(int round) => ApplyAsync(stack => $$$"""
        apiVersion: slipway.dev/v1alpha1
        kind: Deployment
        metadata: {name: {{{NameOf(stack, round)}}}}
        spec:
          stack: app-{{{stack}}}
          source: {image: "{{{image}}}"}
        """);

    private Task ApplyAsync(Func<int, string> manifest) => scope.Apply(string.Join("\n---\n", Enumerable.Range(1, stacks).Select(manifest)));
}
