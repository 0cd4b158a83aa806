using Shouldly;
using Slipway.Runtime.Queueing;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>The queue's promises in the plainest form: lists that are searched.</summary>
internal sealed class QueueModel
{
    private readonly List<(int Key, TimeSpan Due, QueuePriority Priority)> _delayed = [];
    private TimeSpan _now;

    public List<(int Key, QueuePriority Priority)> Ready { get; } = [];

    public Dictionary<int, QueuePriority?> Processing { get; } = [];

    public void Add(int key, QueuePriority priority)
    {
        if (Processing.TryGetValue(key, out var again))
        {
            Processing[key] = again > priority ? again : priority;
            return;
        }

        var at = Ready.FindIndex(ready => ready.Key == key);
        if (at >= 0 && Ready[at].Priority >= priority)
        {
            return;
        }

        Ready.RemoveAll(ready => ready.Key == key);
        Ready.Add((key, priority));
    }

    public void AddAfter(int key, TimeSpan delay, QueuePriority priority)
    {
        if (delay == TimeSpan.Zero)
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

    /// <summary>Any key may be taken that is the first of its priority.</summary>
    public void Take(int key, QueuePriority priority)
    {
        Ready.First(ready => ready.Priority == priority).Key.ShouldBe(key);
        Processing.ShouldNotContainKey(key);
        Ready.RemoveAll(ready => ready.Key == key);
        Processing.Add(key, null);
    }

    public void Done(int key)
    {
        Processing.Remove(key, out var again).ShouldBeTrue();
        if (again is { } priority)
        {
            Add(key, priority);
        }
    }
}
