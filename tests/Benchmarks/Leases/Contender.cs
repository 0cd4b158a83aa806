using System.Diagnostics;
using Slipway.Benchmarks.Servers;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Resources;

namespace Slipway.Benchmarks.Leases;

/// <summary>Somebody who wants the lease, and does nothing under it until told to leave.</summary>
internal sealed class Contender : LeaseObserver, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly KubeClient _client;
    private readonly LeaseLock _lock;
    private TaskCompletionSource _waiting = Signal();
    private TaskCompletionSource _leave = Signal();
    private TaskCompletionSource<long> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    public Contender(Server server, string name)
    {
        _client = server.NewClient();
        var options = new LeaseOptions { Key = new NamespacedName(server.Namespace, "relay"), Holder = name };
        _lock = new LeaseLock(_client, options, TimeProvider.System, new Random(1), this);
    }

    /// <summary>Completed when somebody else was seen to hold it.</summary>
    public Task HasSeenHolder => _waiting.Task;

    /// <summary>The timestamp (of <see cref="Stopwatch"/>) at which the work under the lease began.</summary>
    public Task<long> Begun => _begun.Task;

    /// <summary>Waits for the lease from now on.</summary>
    public void Join()
    {
        (_waiting, _leave, _begun) = (Signal(), Signal(), new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        _running = _lock.RunAsync(WorkAsync, _stop.Token);
    }

    /// <summary>Ends the work, and returns when the lease has been given back.</summary>
    public Task LeaveAsync()
    {
        _leave.SetResult();
        return _running;
    }

    public override void Waiting(V1Lease lease) => _waiting.TrySetResult();

    /// <summary>A failure in the middle would make a measurement of something else.</summary>
    public override void AttemptFailed(Exception error) => Console.Error.WriteLine(error);

    public override void WatchFailed(Exception error) => Console.Error.WriteLine(error);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync(LeaseTerm term)
    {
        _begun.TrySetResult(Stopwatch.GetTimestamp());
        await _leave.Task.WaitAsync(term.Ending);
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
