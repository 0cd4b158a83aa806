using Shouldly;
using Slipway.Runtime.Caching;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Caching;

public sealed class ReflectorBackoffTests
{
    private readonly FakeClock _clock = new();
    private readonly ReflectorBackoff _backoff;

    public ReflectorBackoffTests() => _backoff = new ReflectorBackoff(new ReflectorOptions(), _clock, new Random(3));

    [Fact]
    public void Doubles_with_jitter_from_800_milliseconds_to_30_seconds()
    {
        double[] expected = [0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30];
        foreach (var seconds in expected)
        {
            var delay = Fail();
            delay.TotalSeconds.ShouldBeInRange(seconds, 2 * seconds);
        }
    }

    [Fact]
    public void Starts_over_after_two_healthy_minutes_and_not_before()
    {
        Fail();
        Fail();
        _clock.Advance(TimeSpan.FromMinutes(2));
        Fail().TotalSeconds.ShouldBeGreaterThanOrEqualTo(3.2);
        _clock.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromMilliseconds(1));
        Fail().TotalSeconds.ShouldBeLessThan(1.6);
    }

    [Fact]
    public void Never_comes_back_before_the_server_wants()
    {
        _backoff.Next(TimeSpan.FromSeconds(45)).ShouldBe(TimeSpan.FromSeconds(45));
        _backoff.Next(TimeSpan.FromMilliseconds(1)).TotalSeconds.ShouldBeGreaterThanOrEqualTo(1.6);
    }

    private TimeSpan Fail()
    {
        var delay = _backoff.Next(null);
        _clock.Advance(delay);
        return delay;
    }
}
