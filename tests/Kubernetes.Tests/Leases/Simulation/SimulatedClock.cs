namespace Slipway.Kubernetes.Tests.Leases.Simulation;

/// <summary>The clock of one process: its seconds are as long, and its date is as wrong, as the test says.</summary>
internal sealed class SimulatedClock(VirtualWorld world, SimulatedProcess process, double rate, TimeSpan offset) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (world.Now * rate).Ticks;

    public override DateTimeOffset GetUtcNow() => Start + offset + (world.Now * rate);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(world, process, rate, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(VirtualWorld world, SimulatedProcess process, double rate, TimerCallback callback, object? state) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                // A tick more, so that it never fires before its time by a rounded-off fraction.
                world.After((dueTime / rate) + TimeSpan.FromTicks(1), () => process.Enqueue(() => Fire(setting)));
            }

            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int setting)
        {
            if (setting == _setting)
            {
                callback(state);
            }
        }
    }
}
