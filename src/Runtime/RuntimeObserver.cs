using Slipway.Crds.Meta;

namespace Slipway.Runtime;

/// <summary>
/// What the runtime has to tell. Override what you want to log. Methods are called from many threads, sometimes under
/// a lock: they must be quick and must not throw.
/// </summary>
public abstract class RuntimeObserver
{
    /// <summary>A reconcile threw. It is tried again after <paramref name="retryIn"/>.</summary>
    /// <param name="failures">Failures of this key in a row, this one included.</param>
    public virtual void ReconcileFailed(string controller, NamespacedName key, Exception error, int failures, TimeSpan retryIn)
    {
    }

    /// <summary>Reconciles were still running when the time to drain was over, or the lease was lost; they have been cancelled.</summary>
    public virtual void DrainTimedOut(string controller, int running)
    {
    }

    /// <summary>A list was taken in.</summary>
    /// <param name="reason"><c>initial</c>, or why the watch could not go on.</param>
    public virtual void Listed(string kind, int count, string resourceVersion, string reason)
    {
    }

    /// <summary>A list failed. Until one succeeds, the cache of this kind is not in sync, or grows old.</summary>
    public virtual void ListFailed(string kind, Exception error, TimeSpan retryIn)
    {
    }

    /// <summary>The API server does not stream states (WatchList); they are listed instead, which takes it more memory.</summary>
    public virtual void StreamingRefused(string kind, Exception error)
    {
    }

    /// <summary>A watch failed and is resumed after <paramref name="retryIn"/> without a gap.</summary>
    public virtual void WatchFailed(string kind, Exception error, TimeSpan retryIn)
    {
    }

    /// <summary>An object could not be decoded. It stays in the cache as it last was, or is missing there.</summary>
    public virtual void ObjectSkipped(string kind, NamespacedName? key, string message)
    {
    }

    /// <summary>A change handler threw. The other handlers got the change all the same.</summary>
    public virtual void HandlerFailed(string kind, NamespacedName key, Exception error)
    {
    }

    /// <summary>Another process leads, and this one stands by. Told once for each leader.</summary>
    /// <param name="lease">Namespace and name of the lease.</param>
    /// <param name="holder">Who leads.</param>
    /// <param name="since">Since when, by the leader's clock.</param>
    public virtual void LeaderSeen(string lease, string holder, DateTimeOffset? since)
    {
    }

    /// <summary>This process leads from now on.</summary>
    public virtual void LeadershipAcquired(string lease, string identity)
    {
    }

    /// <summary>This process leads no more although it was not told to stop. It must end.</summary>
    public virtual void LeadershipLost(string lease, string reason)
    {
    }

    /// <summary>A request about the lease failed and is tried again. A leader that cannot renew in time loses it.</summary>
    public virtual void LeaseFailed(string lease, Exception error)
    {
    }

    /// <summary>An event about an object was not written.</summary>
    /// <param name="cause">Why: the queue was full, the object had too many, or the API server refused.</param>
    public virtual void EventDropped(string kind, NamespacedName about, string reason, string cause)
    {
    }
}
