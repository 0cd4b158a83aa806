using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Kubernetes.Watching;
using Slipway.Testing;

namespace Slipway.Kubernetes.Tests;

/// <summary>A watch of config maps under way, and what it has seen.</summary>
internal sealed class RunningWatch
{
    private readonly Lock _gate = new();
    private readonly List<WatchEvent<V1ConfigMap>> _events = [];

    public RunningWatch(KubeClient client, WatchOptions options, CancellationToken cancellationToken) =>
        Ended = RunAsync(client, options, cancellationToken);

    public Task Ended { get; }

    public IReadOnlyList<WatchEvent<V1ConfigMap>> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Waits for the end, but not for ever when it does not come.</summary>
    public Task EndAsync() => Ended.WaitAsync(Eventually.Patience);

    public async Task<IReadOnlyList<WatchEvent<V1ConfigMap>>> SeeAsync(int count) =>
        await Eventually.See($"{count} events", () => Task.FromResult(Seen), seen => seen.Count >= count || Ended.IsFaulted);

    private async Task RunAsync(KubeClient client, WatchOptions options, CancellationToken cancellationToken)
    {
        await foreach (var one in client.WatchAsync<V1ConfigMap>(options, cancellationToken))
        {
            lock (_gate)
            {
                _events.Add(one);
            }
        }
    }
}
