using System.Text.Json.Nodes;

namespace Slipway.Testing.Cluster;

/// <summary>Every state that the objects of a collection were in, from now on: for what must hold at all times.</summary>
public sealed class WatchRecorder : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<IReadOnlyList<JsonNode>> _states = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>The collection after each change: the first is what was there at the beginning.</summary>
    public IReadOnlyList<IReadOnlyList<JsonNode>> States
    {
        get
        {
            lock (_gate)
            {
                return [.. _states];
            }
        }
    }

    public static async Task<WatchRecorder> StartAsync(ApiServer server, string path)
    {
        var recorder = new WatchRecorder();
        var list = await server.GetAsync(path) ?? throw new InvalidOperationException($"There is no {path}.");
        recorder._states.Add(list.Items("items"));
        recorder._watching = recorder.WatchAsync(server.WatchAsync(path, list.Text("metadata.resourceVersion")!, recorder._stopping.Token));
        return recorder;
    }

    /// <summary>Ends, and throws if the watch broke: then not every state was seen.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        if (_watching.IsFaulted)
        {
            await _watching;
        }
    }

    private async Task WatchAsync(IAsyncEnumerable<JsonNode> changes)
    {
        await foreach (var change in changes)
        {
            var changed = change["object"]!;
            lock (_gate)
            {
                var others = _states[^1].Where(item => item.Text("metadata.uid") != changed.Text("metadata.uid"));
                _states.Add(change.Text("type") == "DELETED" ? [.. others] : [.. others, changed]);
            }
        }
    }
}
