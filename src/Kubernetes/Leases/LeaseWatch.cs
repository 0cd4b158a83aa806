using Slipway.Kubernetes.Watching;

namespace Slipway.Kubernetes.Leases;

/// <summary>
/// Follows a lease, so that contenders learn of a renewal when it happens (and expire it from then on) and of a release at once
/// instead of at their next look. Without it everything still works, later.
/// </summary>
internal sealed class LeaseWatch(ILeaseApi api, LeaseSight sight, LeaseOptions options, LeaseObserver observer, TimeProvider time)
{
    private CancellationTokenSource _news = new();

    /// <summary>Cancelled when the lease becomes free after this was asked for.</summary>
    public CancellationToken News => Volatile.Read(ref _news).Token;

    /// <summary>Watches until cancelled; nothing else ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in api.WatchAsync(cancellationToken))
                {
                    failures = 0;
                    Take(change);
                }
            }
            catch (Exception error)
            {
                if (failures++ == 0 && !cancellationToken.IsCancellationRequested)
                {
                    observer.WatchFailed(error);
                }
            }

            await PauseAsync(cancellationToken);
        }
    }

    private void Take(WatchEvent<Resources.V1Lease> change)
    {
        if (change is { Type: WatchEventType.Added or WatchEventType.Modified, Object: { } lease })
        {
            sight.Hear(lease);
            if (string.IsNullOrEmpty(lease.Spec?.HolderIdentity))
            {
                Signal();
            }
        }
        else if (change.Type == WatchEventType.Deleted)
        {
            Signal();
        }
    }

    private void Signal() => Interlocked.Exchange(ref _news, new CancellationTokenSource()).Cancel();

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(options.RetryPeriod, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }
}
