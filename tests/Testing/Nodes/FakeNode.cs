using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Slipway.Testing.Cluster;

namespace Slipway.Testing.Nodes;

/// <summary>
/// Stands in for scheduler and kubelet where there is only a control plane: writes the status of the pods of the
/// namespaces it serves, as the test says. Pods are not bound to a node, so a deleted one is gone at once. Outages of the API server
/// do not end it.
/// </summary>
public sealed class FakeNode : IAsyncDisposable
{
    private const string Pods = "/api/v1/pods";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly ApiServer _server;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Func<FakePod, PodBehaviour>> _served = new();
    private readonly ConcurrentDictionary<string, Task> _pods = new();
    private Task _watching = Task.CompletedTask;
    private int _addresses;

    private FakeNode(ApiServer server) => _server = server;

    public static async Task<FakeNode> StartAsync(ApiServer server)
    {
        var node = new FakeNode(server);
        node._watching = node.WatchAsync(await node.ListAsync());
        return node;
    }

    /// <summary>From now on every new pod of the namespace behaves as the function says.</summary>
    public void Serve(string @namespace, Func<FakePod, PodBehaviour> behaviour) => _served[@namespace] = behaviour;

    /// <summary>Makes a pod that exists behave differently.</summary>
    public Task ShowAsync(FakePod pod, PodBehaviour behaviour) =>
        WriteAsync(pod, PodStatus.Of(pod, behaviour, Interlocked.Increment(ref _addresses), TimeProvider.System.GetUtcNow()));

    /// <summary>Stops, and throws if it could not do its work: a test must not pass or fail because of that.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_pods.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        foreach (var task in _pods.Values.Append(_watching).Where(task => task.IsFaulted))
        {
            await task;
        }
    }

    private async Task WriteAsync(FakePod pod, JsonObject status)
    {
        try
        {
            await _server.MergeAsync($"{pod.Path}/status", status);
        }
        catch (ApiServerException exception) when (exception.Code == HttpStatusCode.NotFound)
        {
            // Deleted meanwhile: there is nothing to run.
        }
    }

    /// <summary>Serves what there is, and returns from where on to watch.</summary>
    private async Task<string> ListAsync()
    {
        var list = await _server.GetAsync(Pods) ?? throw new InvalidOperationException("The API server has no pods resource.");
        foreach (var item in list.Items("items"))
        {
            Serve(new FakePod(item));
        }

        return list.Text("metadata.resourceVersion")!;
    }

    private async Task WatchAsync(string resourceVersion)
    {
        while (true)
        {
            try
            {
                await foreach (var change in _server.WatchAsync(Pods, resourceVersion, _stopping.Token))
                {
                    if (change.Text("type") != "DELETED")
                    {
                        Serve(new FakePod(change["object"]!));
                    }
                }
            }
            catch (Exception exception) when (IsOutage(exception))
            {
                resourceVersion = await PersistAsync(ListAsync);
            }
        }
    }

    private void Serve(FakePod pod)
    {
        if (_served.TryGetValue(pod.Namespace, out var behaviour))
        {
            _ = _pods.GetOrAdd(pod.Uid, _ => RunAsync(pod, behaviour(pod)));
        }
    }

    private async Task RunAsync(FakePod pod, PodBehaviour behaviour)
    {
        if (behaviour.State == PodState.RunsToEnd)
        {
            await RunToEndAsync(pod, new PodRun(pod, behaviour.Steps));
            return;
        }

        if (behaviour.After is { Opened: var opened })
        {
            if (!opened.IsCompleted)
            {
                await PersistAsync(() => ShowAsync(pod, PodBehaviour.NeverReady with { ImageId = behaviour.ImageId }));
            }

            await opened.WaitAsync(_stopping.Token);
        }

        await PersistAsync(() => ShowAsync(pod, behaviour));
    }

    /// <summary>One status for every change that a kubelet would see: a container has begun, has ended, the pod is over.</summary>
    private async Task RunToEndAsync(FakePod pod, PodRun run)
    {
        while (run.Next is { } step)
        {
            run.Begin(TimeProvider.System.GetUtcNow());
            await PersistAsync(() => WriteAsync(pod, run.Status()));
            await (step.Gate?.Opened ?? Task.CompletedTask).WaitAsync(_stopping.Token);
            run.End(TimeProvider.System.GetUtcNow());
            await PersistAsync(() => WriteAsync(pod, run.Status()));
        }
    }

    private Task PersistAsync(Func<Task> work) => PersistAsync(async () =>
    {
        await work();
        return true;
    });

    /// <summary>As a kubelet does: what an outage prevents is done after it.</summary>
    private async Task<T> PersistAsync<T>(Func<Task<T>> work)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception exception) when (IsOutage(exception))
            {
                await Task.Delay(Pause, _stopping.Token);
            }
        }
    }

    private bool IsOutage(Exception exception) => exception is HttpRequestException or IOException
        or ApiServerException { Code: HttpStatusCode.Gone or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError }
        || (exception is OperationCanceledException && !_stopping.IsCancellationRequested);
}
