using Slipway.Runtime.Queueing;

namespace Slipway.Runtime.Tests.Queueing;

/// <summary>A second, slow implementation of the queue, which can be told to get one rule wrong.</summary>
internal sealed class TinyQueue(QueueFault fault) : IQueueUnderTest
{
    private readonly List<TakenKey<int>> _ready = [];
    private readonly Dictionary<int, QueuePriority?> _processing = [];
    private readonly Dictionary<int, int> _retries = [];
    private readonly TinyDelays _delays = new(fault);
    private int _passedOver;
    private bool _shutDown;

    public int Depth => _ready.Count;

    public int InProcess => _processing.Count;

    public void Add(int key, QueuePriority priority)
    {
        if (_shutDown && fault != QueueFault.TakesInAfterShutdown)
        {
            return;
        }

        if (fault == QueueFault.ForgetsTheDelayWhenAdded)
        {
            _delays.Remove(key);
        }

        MakeReady(key, priority);
    }

    public void AddAfter(int key, TimeSpan delay, QueuePriority priority)
    {
        if (delay == TimeSpan.Zero)
        {
            Add(key, priority);
        }
        else if (!_shutDown)
        {
            _delays.Add(key, delay, priority);
        }
    }

    public void Retry(int key, TimeSpan delay, QueuePriority priority)
    {
        _retries[key] = _retries.GetValueOrDefault(key) + 1;
        if (fault != QueueFault.GivesUpAfterFiveRetries || _retries[key] <= 5)
        {
            AddAfter(key, delay, priority);
        }
    }

    public TakenKey<int>? TryTake()
    {
        if (_ready.Count == 0)
        {
            return null;
        }

        var taken = _ready[Turn()];
        _ready.Remove(taken);
        _processing[taken.Key] = null;
        return taken;
    }

    public void Done(int key)
    {
        if (!_processing.Remove(key, out var again))
        {
            throw new InvalidOperationException($"{key} was not taken.");
        }

        if (again is { } priority && fault != QueueFault.DoesNotComeBackWhenDone)
        {
            LineUp(key, fault == QueueFault.LosesThePriorityWhenDone ? QueuePriority.Low : priority);
        }
    }

    public void Shutdown()
    {
        _shutDown = true;
        if (fault != QueueFault.WakesAfterShutdown)
        {
            _delays.Clear();
        }

        if (fault == QueueFault.ForgetsWhatIsReadyAtShutdown)
        {
            _ready.Clear();
        }
    }

    public void Advance(TimeSpan by) => _delays.Advance(by).ForEach(due => MakeReady(due.Key, due.Priority));

    public void Dispose()
    {
    }

    private void MakeReady(int key, QueuePriority priority)
    {
        if (_processing.TryGetValue(key, out var again) && fault != QueueFault.HandsOutTwiceAtOnce)
        {
            _processing[key] = fault == QueueFault.ForgetsWhatIsAddedWhileProcessed ? null : again > priority ? again : priority;
            return;
        }

        LineUp(key, priority);
    }

    private void LineUp(int key, QueuePriority priority)
    {
        var at = _ready.FindIndex(ready => ready.Key == key);
        if (at < 0)
        {
            _ready.Add(new TakenKey<int>(key, priority));
            return;
        }

        var (before, stays) = (_ready[at].Priority, fault == QueueFault.DoesNotMoveUp);
        var moves = priority > before
            || (priority < before && fault == QueueFault.MovesDown)
            || (priority == before && fault == QueueFault.GoesToTheEndWhenAddedAgain);
        if (!moves || stays)
        {
            return;
        }

        if (fault != QueueFault.StandsInTwoLines)
        {
            _ready.RemoveAt(at);
        }

        _ready.Add(new TakenKey<int>(key, priority));
    }

    /// <summary>Whose turn it is, as an index of the ready keys.</summary>
    private int Turn()
    {
        var (worse, better) = (First(QueuePriority.Low), First(QueuePriority.Normal));
        var patient = _passedOver < 15 || fault == QueueFault.LetsLowStarve;
        var low = better < 0 || (worse >= 0 && (!patient || fault == QueueFault.TakesLowFirst));
        _passedOver = low || worse < 0 ? 0 : _passedOver + 1;
        return low ? worse : better;
    }

    private int First(QueuePriority priority) => fault == QueueFault.TakesTheLastFirst
        ? _ready.FindLastIndex(ready => ready.Priority == priority)
        : _ready.FindIndex(ready => ready.Priority == priority);
}
