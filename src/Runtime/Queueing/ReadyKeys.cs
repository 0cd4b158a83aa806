namespace Slipway.Runtime.Queueing;

/// <summary>
/// The keys that wait for a worker: one FIFO line per priority, each key at most once. Not thread-safe.
/// Low keys cannot starve: while some wait, at least every <see cref="FairShare"/>th key taken is one of them.
/// </summary>
internal sealed class ReadyKeys<TKey>
    where TKey : notnull
{
    internal const int FairShare = 16;

    private readonly LinkedList<ReadyKey<TKey>> _low = [];
    private readonly LinkedList<ReadyKey<TKey>> _normal = [];
    private readonly Dictionary<TKey, LinkedListNode<ReadyKey<TKey>>> _nodes = [];
    private int _normalInARow;

    public int Count => _nodes.Count;

    public int CountOf(QueuePriority priority) => Line(priority).Count;

    /// <summary>Lines the key up, or moves it to the better line. Returns false when it already waits as well or better.</summary>
    public bool Add(ReadyKey<TKey> ready)
    {
        if (_nodes.TryGetValue(ready.Key, out var waiting))
        {
            Promote(waiting, ready.Priority);
            return false;
        }

        _nodes.Add(ready.Key, Line(ready.Priority).AddLast(ready));
        return true;
    }

    public bool TryTake(out ReadyKey<TKey> taken)
    {
        if (NextLine() is not { First: { } first } line)
        {
            taken = default;
            return false;
        }

        line.RemoveFirst();
        _nodes.Remove(first.Value.Key);
        taken = first.Value;
        return true;
    }

    public void Clear()
    {
        _low.Clear();
        _normal.Clear();
        _nodes.Clear();
    }

    private void Promote(LinkedListNode<ReadyKey<TKey>> waiting, QueuePriority priority)
    {
        if (priority <= waiting.Value.Priority)
        {
            return;
        }

        Line(waiting.Value.Priority).Remove(waiting);
        waiting.Value = waiting.Value with { Priority = priority };
        Line(priority).AddLast(waiting);
    }

    private LinkedList<ReadyKey<TKey>> NextLine()
    {
        var low = _normal.Count == 0 || (_low.Count > 0 && _normalInARow >= FairShare - 1);
        _normalInARow = low || _low.Count == 0 ? 0 : _normalInARow + 1;
        return low ? _low : _normal;
    }

    private LinkedList<ReadyKey<TKey>> Line(QueuePriority priority) => priority switch
    {
        QueuePriority.Low => _low,
        QueuePriority.Normal => _normal,
    };
}

/// <summary>A key in line, and since when (queue time).</summary>
internal readonly record struct ReadyKey<TKey>(TKey Key, QueuePriority Priority, TimeSpan Since);
