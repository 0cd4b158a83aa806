namespace Slipway.DemoData.Locking;

/// <summary>One time of holding a <see cref="IMutex"/>. A holder that was paused may think that it still does: the fence knows.</summary>
public abstract class MutexTerm
{
    /// <summary>Who holds it: unique to this term's holder.</summary>
    public abstract string Identity { get; }

    /// <summary>Cancelled when the work should end: the mutex is lost, or the process is to stop.</summary>
    public abstract CancellationToken Ending { get; }

    /// <summary>Asks whoever keeps the mutex, not a memory of it, whether this term still lasts.</summary>
    public abstract Task<bool> ConfirmAsync(CancellationToken cancellationToken);
}
