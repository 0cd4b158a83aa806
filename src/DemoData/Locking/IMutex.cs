namespace Slipway.DemoData.Locking;

/// <summary>A mutex among everybody who makes this database new, outside of it: in a cluster, a Lease.</summary>
public interface IMutex
{
    /// <summary>
    /// Waits for it, runs the work while it is held, and gives it back when the work has ended.
    /// </summary>
    /// <param name="database">Names the database, the same by whichever address it is reached: <c>name@system identifier</c>.</param>
    /// <param name="work">What needs it.</param>
    /// <exception cref="DemoDataException">
    /// Somebody held it for too long (<see cref="DemoDataFault.LockHeld"/>), it was lost while the work ran
    /// (<see cref="DemoDataFault.LockLost"/>), or it cannot be used (<see cref="DemoDataFault.MutexUnavailable"/>).
    /// </exception>
    Task RunAsync(string database, Func<MutexTerm, Task> work, CancellationToken cancellationToken);
}
