using Shouldly;
using Slipway.Runtime.Queueing;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>The queue's promises in the plainest form: lists that are searched.</summary>
internal sealed class QueueModel
{
    private const int FairShare = 16;

    private readonly List<(int Key, TimeSpan Due, QueuePriority Priority)> _delayed = [];
    private TimeSpan _now;
    private int _passedOver;
    private bool _shutDown;

    public List<TakenKey<int>> Ready { get; } = [];

    public Dictionary<int, QueuePriority?> Processing { get; } = [];

    /// <summary>When the last of the delayed keys is due, from now.</summary>
    public TimeSpan LongestDelay => _delayed.Select(delayed => delayed.Due - _now).DefaultIfEmpty().Max();

    public void Add(int key, QueuePriority priority)
    {
        if (_shutDown)
        {
            return;
        }

        if (Processing.TryGetValue(key, out var again))
        {
            Processing[key] = again > priority ? again : priority;
            return;
        }

        LineUp(key, priority);
    }

    /// <summary>Of several wishes for a key the earliest and the best count; an <see cref="Add"/> changes nothing about it.</summary>
    public void AddAfter(int key, TimeSpan delay, QueuePriority priority)
    {
        if (delay == TimeSpan.Zero || _shutDown)
        {
            Add(key, priority);
            return;
        }

        var (due, best) = (_now + delay, priority);
        foreach (var other in _delayed.Where(other => other.Key == key))
        {
            due = other.Due < due ? other.Due : due;
            best = other.Priority > best ? other.Priority : best;
        }

        _delayed.RemoveAll(other => other.Key == key);
        _delayed.Add((key, due, best));
    }

    public void Advance(TimeSpan by)
    {
        _now += by;
        foreach (var due in _delayed.Where(delayed => delayed.Due <= _now).OrderBy(delayed => delayed.Due).ToList())
        {
            _delayed.Remove(due);
            Add(due.Key, due.Priority);
        }
    }

    /// <summary>
    /// Only one key may be taken: the one that waits longest among the better ones; or among the worse ones, when these
    /// were passed over for so long that it is their turn.
    /// </summary>
    public void Take(TakenKey<int> taken)
    {
        Processing.ShouldNotContainKey(taken.Key, "two workers have the same key");
        var worse = Ready.FindIndex(ready => ready.Priority == QueuePriority.Low);
        var better = Ready.FindIndex(ready => ready.Priority == QueuePriority.Normal);
        var turn = better < 0 || (worse >= 0 && _passedOver == FairShare - 1) ? worse : better;
        _passedOver = turn == worse || worse < 0 ? 0 : _passedOver + 1;
        taken.ShouldBe(Ready[turn], "it is another key's turn");
        Ready.RemoveAt(turn);
        Processing.Add(taken.Key, null);
    }

    public void Done(int key)
    {
        Processing.Remove(key, out var again).ShouldBeTrue();
        if (again is { } priority)
        {
            LineUp(key, priority);
        }
    }

    public void Shutdown()
    {
        _shutDown = true;
        _delayed.Clear();
    }

    private void LineUp(int key, QueuePriority priority)
    {
        if (Ready.Exists(ready => ready.Key == key && ready.Priority >= priority))
        {
            return;
        }

        Ready.RemoveAll(ready => ready.Key == key);
        Ready.Add(new TakenKey<int>(key, priority));
    }
}
