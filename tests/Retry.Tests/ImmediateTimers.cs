using System.Collections.Concurrent;

namespace Slipway.Retry.Tests;

/// <summary>A clock on which every wait is over at once; it remembers how long each would have been.</summary>
internal sealed class ImmediateTimers : TimeProvider
{
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Enqueue(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
