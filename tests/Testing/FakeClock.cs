namespace Slipway.Testing;

/// <summary>
/// A clock that moves only when told to. Timers made from it (also those behind <c>Task.Delay(…, clock)</c> and
/// <c>new CancellationTokenSource(delay, clock)</c>) fire inside <see cref="Advance"/>, in order of their due time,
/// each with the clock standing at exactly that time.
/// </summary>
public sealed class FakeClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly List<(TimeSpan Within, TaskCompletionSource Seen)> _watchers = [];
    private readonly DateTimeOffset _start = start.ToUniversalTime();
    private TimeSpan _elapsed;
    private long _sequence;

    public FakeClock()
        : this(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How much the clock has been advanced since it was made.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _elapsed;
            }
        }
    }

    /// <summary>How long until the next timer fires; null when none is armed.</summary>
    public TimeSpan? NextTimer
    {
        get
        {
            lock (_gate)
            {
                return Earliest() is { } timer ? timer.Due!.Value - _elapsed : null;
            }
        }
    }

    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock forward and fires, on the calling thread, everything that becomes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = Elapsed + by;
        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Moves the clock to the next timer and fires it. Returns how far the clock moved.</summary>
    public TimeSpan AdvanceToNextTimer()
    {
        var by = NextTimer ?? throw new InvalidOperationException("No timer is armed.");
        Advance(by);
        return by;
    }

    /// <summary>Waits until somebody has armed a timer that is due at most this far ahead.</summary>
    public Task TimerWithinAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Earliest() is { } timer && timer.Due - _elapsed <= within)
            {
                return Task.CompletedTask;
            }

            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((within, seen));
            return seen.Task.WaitAsync(cancellationToken);
        }
    }

    private FakeTimer? TakeDue(TimeSpan target)
    {
        lock (_gate)
        {
            if (Earliest() is { } timer && timer.Due <= target)
            {
                _elapsed = Max(_elapsed, timer.Due.Value);
                Rearm(timer, timer.Period, timer.Period);
                return timer;
            }

            _elapsed = Max(_elapsed, target);
            return null;
        }
    }

    private void Rearm(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        _timers.Remove(timer);
        timer.Period = period;
        timer.Due = dueTime == Timeout.InfiniteTimeSpan ? null : _elapsed + dueTime;
        timer.Sequence = _sequence++;
        if (timer.Due is null)
        {
            return;
        }

        _timers.Add(timer);
        foreach (var watcher in _watchers.FindAll(watcher => dueTime <= watcher.Within))
        {
            watcher.Seen.TrySetResult();
            _watchers.Remove(watcher);
        }
    }

    private FakeTimer? Earliest() => _timers.MinBy(timer => (timer.Due!.Value, timer.Sequence));

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public TimeSpan? Due { get; set; }

        public TimeSpan Period { get; set; }

        public long Sequence { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_disposed)
                {
                    return false;
                }

                // A period of zero means "once", as with the real timer.
                clock.Rearm(this, dueTime, period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period);
                return true;
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
