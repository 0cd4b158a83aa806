namespace Slipway.Runtime.Queueing;

/// <summary>The keys that are to become ready later, each at most once with its earliest time. Not thread-safe.</summary>
internal sealed class DelayedKeys<TKey>
    where TKey : notnull
{
    private readonly SortedSet<DelayedKey<TKey>> _byTime = new(new ByTime());
    private readonly Dictionary<TKey, DelayedKey<TKey>> _byKey = [];
    private long _sequence;

    public int Count => _byKey.Count;

    /// <summary>When the first of them is due; null when there is none.</summary>
    public TimeSpan? NextDue => _byTime.Min is { } first ? first.Due : null;

    /// <summary>Of an earlier and a later wish for the same key the earlier time and the better priority win.</summary>
    public void Add(TKey key, TimeSpan due, QueuePriority priority)
    {
        if (_byKey.Remove(key, out var waiting))
        {
            _byTime.Remove(waiting);
            due = due < waiting.Due ? due : waiting.Due;
            priority = priority > waiting.Priority ? priority : waiting.Priority;
        }

        var delayed = new DelayedKey<TKey>(key, due, priority, _sequence++);
        _byKey.Add(key, delayed);
        _byTime.Add(delayed);
    }

    public bool TryTakeDue(TimeSpan now, out TKey key, out QueuePriority priority)
    {
        if (_byTime.Min is not { } first || first.Due > now)
        {
            (key, priority) = (default!, default);
            return false;
        }

        _byTime.Remove(first);
        _byKey.Remove(first.Key);
        (key, priority) = (first.Key, first.Priority);
        return true;
    }

    public void Clear()
    {
        _byTime.Clear();
        _byKey.Clear();
    }

    private sealed class ByTime : IComparer<DelayedKey<TKey>>
    {
        public int Compare(DelayedKey<TKey>? one, DelayedKey<TKey>? other)
        {
            var byDue = one!.Due.CompareTo(other!.Due);
            return byDue != 0 ? byDue : one.Sequence.CompareTo(other.Sequence);
        }
    }
}

internal sealed record DelayedKey<TKey>(TKey Key, TimeSpan Due, QueuePriority Priority, long Sequence);
