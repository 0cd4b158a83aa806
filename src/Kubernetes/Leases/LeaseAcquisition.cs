using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;

namespace Slipway.Kubernetes.Leases;

/// <summary>
/// Waits for a lease and takes it: reads it, and when it may be taken writes it at the version that was read, so that of many
/// contenders one succeeds. It looks again at every retry period, at the moment when the lease expires, and, by a watch, when it
/// is released.
/// </summary>
internal sealed class LeaseAcquisition(
    LeaseRequests requests, LeaseWatch watch, LeaseSight sight, string identity, LeaseOptions options, LeaseObserver observer, TimeProvider time, Random random)
{
    private string? _reported;

    /// <summary>Whether a write was sent whose outcome is not known: the lease may be ours without our knowing it.</summary>
    public bool IsUncertain { get; private set; }

    /// <summary>Returns when the lease is ours: as it was written, and when that was asked for.</summary>
    public async Task<(V1Lease Lease, long Asked)> RunAsync(CancellationToken cancellationToken)
    {
        using var stopWatching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = watch.RunAsync(stopWatching.Token);
        try
        {
            while (true)
            {
                var news = watch.News;
                if (await AttemptAsync(cancellationToken) is { } taken)
                {
                    return taken;
                }

                await PauseAsync(news, cancellationToken);
            }
        }
        finally
        {
            stopWatching.Cancel();
            await watching;
        }
    }

    private async Task<(V1Lease Lease, long Asked)?> AttemptAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var lease = await requests.GetAsync(cancellationToken);
            sight.Read(lease);
            if (lease?.Spec?.HolderIdentity == identity || sight.FreeIn() == TimeSpan.Zero)
            {
                return await TakeAsync(lease);
            }

            Report(lease!);
        }
        catch (ApiException error) when (error.IsConflict || error.IsAlreadyExists)
        {
            // Somebody was faster; the next look tells who.
        }
        catch (Exception error)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                observer.AttemptFailed(error);
            }
        }

        return null;
    }

    /// <summary>
    /// Not cancelled from outside, only by its limit of time: then the outcome is usually known, and whoever stops waiting at
    /// this very moment gives back what he got.
    /// </summary>
    private async Task<(V1Lease Lease, long Asked)> TakeAsync(V1Lease? lease)
    {
        var asked = time.GetTimestamp();
        var spec = LeaseSpecs.Taken(lease?.Spec, identity, options, time.GetUtcNow());
        IsUncertain = true;
        try
        {
            var taken = await (lease is null
                ? requests.CreateAsync(spec, CancellationToken.None)
                : requests.WriteAsync(lease, spec, CancellationToken.None));
            return (taken, asked);
        }
        catch (ApiException error) when (error.Code is >= 400 and < 500)
        {
            IsUncertain = false;
            throw;
        }
    }

    private void Report(V1Lease lease)
    {
        if (_reported != lease.Spec!.HolderIdentity)
        {
            _reported = lease.Spec.HolderIdentity;
            observer.Waiting(lease);
        }
    }

    private async Task PauseAsync(CancellationToken news, CancellationToken cancellationToken)
    {
        var free = sight.FreeIn();
        var look = options.RetryPeriod * (1 + (1.2 * Roll()));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, news);
        try
        {
            await Task.Delay(free > TimeSpan.Zero && free < look ? free : look, time, over.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // There is news: look at once.
        }
    }

    private double Roll()
    {
        lock (random)
        {
            return random.NextDouble();
        }
    }
}
