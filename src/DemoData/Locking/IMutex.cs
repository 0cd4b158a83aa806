namespace Slipway.DemoData.Locking;

/// <summary>A mutex among everybody who makes this database new, outside of it: in a cluster, a Lease.</summary>
public interface IMutex
{
    /// <summary>
    /// Waits for it, runs the work while it is held, and gives it back when the work has ended.
    /// </summary>
    /// <exception cref="DemoDataException">
    /// Somebody held it for too long (<see cref="DemoDataFault.LockHeld"/>), or it was lost while the work ran
    /// (<see cref="DemoDataFault.LockLost"/>).
    /// </exception>
    Task RunAsync(Func<MutexTerm, Task> work, CancellationToken cancellationToken);
}
