using Shouldly;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Resources;
using Xunit;

namespace Slipway.Kubernetes.Tests.Leases;

public sealed class LeaseTermTests
{
    [Fact]
    public void Time_that_has_passed_ends_it_before_any_timer_says_so()
    {
        var clock = new LateClock();
        using var term = new LeaseTerm(
            "me", new V1Lease(), clock.GetTimestamp(), new LeaseOptions { Key = new("ns", "lock"), Holder = "me", RenewDeadline = TimeSpan.FromSeconds(10) }, clock, default);

        clock.Elapsed = TimeSpan.FromSeconds(9);
        term.IsLost.ShouldBeFalse();
        clock.Elapsed = TimeSpan.FromSeconds(10);
        term.IsLost.ShouldBeTrue();
        term.Lost.IsCancellationRequested.ShouldBeFalse("its timer has not fired");
    }

    /// <summary>That of a process which has just been resumed: the time has passed, and no timer has fired yet.</summary>
    private sealed class LateClock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Idle();

        private sealed class Idle : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
