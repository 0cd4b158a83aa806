using Slipway.Runtime.Queueing;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>The delayed keys of the <see cref="TinyQueue"/>, in the order in which they were asked for.</summary>
internal sealed class TinyDelays(QueueFault fault)
{
    private readonly List<Delay> _delays = [];
    private TimeSpan _now;

    public void Add(int key, TimeSpan delay, QueuePriority priority)
    {
        var wish = new Delay(key, _now + delay, priority);
        var at = _delays.FindIndex(waiting => waiting.Key == key);
        if (at >= 0 && fault != QueueFault.KeepsBothDelays)
        {
            wish = Merge(_delays[at], wish);
            _delays.RemoveAt(at);
        }

        _delays.Add(wish);
    }

    public void Remove(int key) => _delays.RemoveAll(waiting => waiting.Key == key);

    public void Clear() => _delays.Clear();

    /// <summary>What becomes due on the way, in the order in which it does.</summary>
    public List<Delay> Advance(TimeSpan by)
    {
        _now += by;
        var early = fault == QueueFault.WakesTooEarly ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
        var due = _delays.Where(waiting => waiting.Due - early <= _now);
        due = fault == QueueFault.WakesOutOfOrder ? due : due.OrderBy(waiting => waiting.Due);
        var awake = due.Take(fault == QueueFault.WakesOneAtATime ? 1 : int.MaxValue).ToList();
        awake.ForEach(waiting => _delays.Remove(waiting));
        return awake;
    }

    private Delay Merge(Delay before, Delay wish)
    {
        var later = fault == QueueFault.LetsTheLastDelayWin || (wish.Due > before.Due == (fault == QueueFault.LetsTheLaterDelayWin));
        var better = wish.Priority > before.Priority == (fault != QueueFault.LetsTheWorsePriorityWin);
        return new Delay(wish.Key, later ? wish.Due : before.Due, better ? wish.Priority : before.Priority);
    }

    internal sealed record Delay(int Key, TimeSpan Due, QueuePriority Priority);
}
