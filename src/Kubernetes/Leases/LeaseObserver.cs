using Slipway.Kubernetes.Resources;

namespace Slipway.Kubernetes.Leases;

/// <summary>What happens around a lease. Override what you want to log or count. Methods must be quick and must not throw.</summary>
public abstract class LeaseObserver
{
    /// <summary>Somebody else holds it, and it is waited for. Called once per holder.</summary>
    public virtual void Waiting(V1Lease lease)
    {
    }

    /// <summary>It is ours from now on.</summary>
    public virtual void Acquired(LeaseTerm term)
    {
    }

    /// <summary>A request about it failed: while waiting for it, renewing it or releasing it. It is tried again.</summary>
    public virtual void AttemptFailed(Exception error)
    {
    }

    /// <summary>A renewal was refused because the object had changed; it is read to see whose it is.</summary>
    public virtual void RenewalContested()
    {
    }

    /// <summary>The watch for its release cannot be kept up. It is only asked for at every retry period meanwhile.</summary>
    public virtual void WatchFailed(Exception error)
    {
    }

    /// <summary>It is not ours any more although we did not give it up.</summary>
    public virtual void Lost(LeaseTerm term, string reason)
    {
    }

    /// <summary>The work is over, and the lease was given back; or it was somebody else's already.</summary>
    public virtual void Released(LeaseTerm term)
    {
    }

    /// <summary>It could not be given back in time; others have to wait until it expires.</summary>
    public virtual void ReleaseFailed(Exception error)
    {
    }

    internal sealed class Silent : LeaseObserver;
}
