using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;

namespace Slipway.Kubernetes.Leases;

/// <summary>
/// Gives a lease back, so that others need not wait until it expires. It is written only at a version at which it was seen to be
/// ours: a lease that somebody else has taken is never touched.
/// </summary>
internal sealed class LeaseRelease(ILeaseApi api, LeaseOptions options, LeaseObserver observer, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    // A shorter limit than elsewhere: there is one deadline for it all, and several tries should fit into that.
    private readonly LeaseRequests _requests = new(api, options.RetryPeriod > TimeSpan.FromSeconds(1) ? options.RetryPeriod : TimeSpan.FromSeconds(1), time);

    /// <param name="isOurs">Whether a lease is the one to give back.</param>
    /// <param name="known">The lease as last known, or null to read it first.</param>
    /// <returns>Whether it is given back, or somebody else's. Otherwise the observer has been told.</returns>
    public async Task<bool> RunAsync(Func<V1Lease?, bool> isOurs, V1Lease? known)
    {
        // Not cancelled from outside: whoever stops does so because he was told to, and this is how.
        using var limit = new CancellationTokenSource(options.RenewDeadline, time);
        Exception? cause = null;
        for (var pause = FirstPause; !limit.IsCancellationRequested; pause *= 2)
        {
            try
            {
                known ??= await _requests.GetAsync(limit.Token);
                if (isOurs(known))
                {
                    await _requests.WriteAsync(known!, LeaseSpecs.Released(known!.Spec!, time.GetUtcNow()), limit.Token);
                }

                return true;
            }
            catch (ApiException error) when (error.IsNotFound)
            {
                return true;
            }
            catch (Exception error)
            {
                // A conflict, or a lost answer: what was known may be out of date.
                (known, cause) = (null, limit.IsCancellationRequested ? cause ?? error : error);
            }

            await PauseAsync(pause, limit.Token);
        }

        observer.ReleaseFailed(cause ?? new TimeoutException("There was no time left to release the lease."));
        return false;
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause < options.RetryPeriod ? pause : options.RetryPeriod, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }
}
