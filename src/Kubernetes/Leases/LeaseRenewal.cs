using Slipway.Kubernetes.Faults;

namespace Slipway.Kubernetes.Leases;

/// <summary>Keeps a lease: renews it at every retry period, and notices when it is not ours any more.</summary>
internal sealed class LeaseRenewal(LeaseRequests requests, LeaseOptions options, LeaseObserver observer, TimeProvider time)
{
    private const int RereadsAtOnce = 3;

    /// <summary>Renews until the work is done or the lease is lost.</summary>
    public async Task RunAsync(LeaseTerm term, CancellationToken done)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(done, term.Lost);
        try
        {
            while (true)
            {
                await Task.Delay(options.RetryPeriod, time, over.Token);
                await RenewAsync(term, over.Token);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }
    }

    private async Task RenewAsync(LeaseTerm term, CancellationToken cancellationToken)
    {
        try
        {
            for (var read = 0; !await WriteAsync(term, cancellationToken) && read < RereadsAtOnce; read++)
            {
                observer.RenewalContested();
                if (!await RereadAsync(term, cancellationToken))
                {
                    return;
                }
            }
        }
        catch (ApiException error) when (error.IsNotFound)
        {
            // A person who deletes the object wants somebody else to have it. To create it anew would be a new term anyway.
            term.Lose("the Lease object was deleted");
        }
        catch (Exception error)
        {
            // Also a failure that comes after the end was asked for: what is to be released must be, whatever happened last.
            if (!cancellationToken.IsCancellationRequested)
            {
                observer.AttemptFailed(error);
            }
        }
    }

    /// <summary>False when the object has changed since it was last known: somebody took it, or an answer to us was lost.</summary>
    private async Task<bool> WriteAsync(LeaseTerm term, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        try
        {
            var renewed = await requests.WriteAsync(term.Lease, LeaseSpecs.Renewed(term.Lease.Spec!, time.GetUtcNow()), cancellationToken);
            term.Renewed(renewed, asked);
            return true;
        }
        catch (ApiException error) when (error.IsConflict)
        {
            return false;
        }
    }

    /// <summary>False when it is lost.</summary>
    private async Task<bool> RereadAsync(LeaseTerm term, CancellationToken cancellationToken)
    {
        var lease = await requests.GetAsync(cancellationToken);
        if (LeaseSpecs.IsOurs(lease, term.Identity, term.Token))
        {
            term.Know(lease!);
            return true;
        }

        term.Lose(lease is null ? "the Lease object was deleted" : $"it is held by '{lease.Spec?.HolderIdentity}'");
        return false;
    }
}
