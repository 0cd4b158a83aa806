using Slipway.Runtime.Metrics;

namespace Slipway.Runtime.Queueing;

/// <summary>
/// The keys that want to be looked at. A key is never handed out twice at once and never forgotten: added while it is
/// being processed, it comes back exactly once after <see cref="Done"/>. Thread-safe.
/// </summary>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly ReadyKeys<TKey> _ready = new();
    private readonly DelayedKeys<TKey> _delayed = new();
    private readonly Dictionary<TKey, Processing> _processing = [];
    private readonly TakerLine _takers;
    private readonly QueueMetrics _metrics;
    private readonly long _start;
    private readonly ITimer _timer;
    private TimeSpan? _timerDue;
    private bool _shutDown;

    /// <param name="name">Name of the queue in metrics.</param>
    /// <param name="time">Clock of the delays.</param>
    public WorkQueue(string name, TimeProvider time)
    {
        _name = name;
        _time = time;
        _takers = new TakerLine(_gate);
        _start = time.GetTimestamp();
        _metrics = new QueueMetrics(name, Read);
        // Made here and not at the first delay: a timer keeps the execution context it was made in.
        _timer = time.CreateTimer(_ => WakeDelayed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many keys wait for a worker now; delayed ones and those being processed are not among them.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count;
            }
        }
    }

    /// <summary>How many keys are being processed now.</summary>
    public int InProcess
    {
        get
        {
            lock (_gate)
            {
                return _processing.Count;
            }
        }
    }

    /// <summary>Whether no key waits and none is being processed; there may be delayed ones.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count == 0 && _processing.Count == 0;
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Makes the key ready now. After <see cref="Shutdown"/> it does nothing.</summary>
    public void Add(TKey key, QueuePriority priority)
    {
        lock (_gate)
        {
            if (!_shutDown)
            {
                MakeReady(key, priority);
            }
        }
    }

    /// <summary>
    /// Makes the key ready after the delay. Of several wishes the earliest wins; a key that becomes ready by an
    /// <see cref="Add"/> meanwhile still comes again when the delay is over.
    /// </summary>
    public void AddAfter(TKey key, TimeSpan delay, QueuePriority priority)
    {
        lock (_gate)
        {
            if (_shutDown)
            {
                return;
            }

            if (delay <= TimeSpan.Zero)
            {
                MakeReady(key, priority);
                return;
            }

            _delayed.Add(key, Saturate(Now, delay), priority);
            SetTimer();
        }
    }

    /// <summary>As <see cref="AddAfter"/>, and counted as a retry.</summary>
    public void Retry(TKey key, TimeSpan delay, QueuePriority priority)
    {
        _metrics.Retried();
        AddAfter(key, delay, priority);
    }

    /// <summary>
    /// Waits for a key. Every key taken must be given back with <see cref="Done"/>. Null: the queue is shut down and
    /// everything that was ready has been handed out.
    /// </summary>
    public async ValueTask<TakenKey<TKey>?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            LinkedListNode<TaskCompletionSource> turn;
            lock (_gate)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    PassOn();
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (_ready.TryTake(out var taken))
                {
                    return Begin(taken);
                }

                if (_shutDown)
                {
                    return null;
                }

                turn = _takers.Enter();
            }

            await _takers.WaitAsync(turn, cancellationToken);
        }
    }

    /// <summary>The key is no longer being processed. If it was added meanwhile it becomes ready now.</summary>
    public void Done(TKey key)
    {
        lock (_gate)
        {
            if (!_processing.Remove(key, out var processing))
            {
                throw new InvalidOperationException($"{key} was not taken from queue {_name}: call Done once for each key taken.");
            }

            _metrics.Worked(Now - processing.Since);
            if (processing.Again is { } priority)
            {
                LineUp(key, priority, isNew: false);
            }
        }
    }

    /// <summary>
    /// Takes nothing more. Delayed keys are dropped; ready ones, and those added while being processed, are still handed out.
    /// </summary>
    public void Shutdown()
    {
        lock (_gate)
        {
            _shutDown = true;
            _delayed.Clear();
            _timer.Dispose();
            _takers.WakeAll();
        }
    }

    /// <summary>Shuts down and forgets what was still waiting.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Shutdown();
            _ready.Clear();
            _metrics.Dispose();
        }
    }

    private static TimeSpan Saturate(TimeSpan now, TimeSpan delay) => delay > TimeSpan.MaxValue - now ? TimeSpan.MaxValue : now + delay;

    private QueueReading Read()
    {
        lock (_gate)
        {
            var (now, sum, longest) = (Now, TimeSpan.Zero, TimeSpan.Zero);
            foreach (var processing in _processing.Values)
            {
                sum += now - processing.Since;
                longest = now - processing.Since > longest ? now - processing.Since : longest;
            }

            return new QueueReading(_ready.CountOf(QueuePriority.Low), _ready.CountOf(QueuePriority.Normal), sum, longest);
        }
    }

    private void MakeReady(TKey key, QueuePriority priority)
    {
        if (!_processing.TryGetValue(key, out var processing))
        {
            LineUp(key, priority, isNew: true);
            return;
        }

        if (processing.Again is null)
        {
            _metrics.Added();
        }

        _processing[key] = processing with { Again = processing.Again > priority ? processing.Again : priority };
    }

    private void LineUp(TKey key, QueuePriority priority, bool isNew)
    {
        if (!_ready.Add(new ReadyKey<TKey>(key, priority, Now)))
        {
            return;
        }

        if (isNew)
        {
            _metrics.Added();
        }

        _takers.WakeOne();
    }

    private TakenKey<TKey> Begin(ReadyKey<TKey> taken)
    {
        _processing.Add(taken.Key, new Processing(Now, null));
        _metrics.Waited(Now - taken.Since);
        return new TakenKey<TKey>(taken.Key, taken.Priority);
    }

    /// <summary>A taker that gives up may have been woken for a key already: then it is the next one's turn.</summary>
    private void PassOn()
    {
        if (_ready.Count > 0)
        {
            _takers.WakeOne();
        }
    }

    private void SetTimer()
    {
        if (_delayed.NextDue is not { } due || due == _timerDue)
        {
            return;
        }

        _timerDue = due;
        // Rounded up to the timer's resolution, and short of its longest time: it is set again when it fires too early.
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling((due - Now).TotalMilliseconds), 1, int.MaxValue));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void WakeDelayed()
    {
        lock (_gate)
        {
            _timerDue = null;
            if (_shutDown)
            {
                return;
            }

            while (_delayed.TryTakeDue(Now, out var key, out var priority))
            {
                MakeReady(key, priority);
            }

            SetTimer();
        }
    }

    private readonly record struct Processing(TimeSpan Since, QueuePriority? Again);
}

/// <summary>A key handed to a worker, and the priority it had.</summary>
public readonly record struct TakenKey<TKey>(TKey Key, QueuePriority Priority);
