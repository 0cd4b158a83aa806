using Shouldly;
using Slipway.Runtime.Queueing;
using Xunit;

namespace Slipway.Runtime.Tests.Queueing;

public sealed class BackoffTests
{
    private static readonly ExponentialBackoff Backoff = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(14, 40960)]
    [InlineData(15, 60000)]
    [InlineData(2000, 60000)]
    [InlineData(int.MaxValue, 60000)]
    public void Doubles_up_to_the_cap(int failures, int milliseconds) =>
        Backoff.After(failures).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void Never_shrinks_and_never_leaves_its_bounds_whatever_they_are()
    {
        var random = new Random(7);
        for (var round = 0; round < 1000; round++)
        {
            var min = TimeSpan.FromTicks(random.NextInt64(1, TimeSpan.TicksPerMinute));
            var max = min + TimeSpan.FromTicks(random.NextInt64(0, TimeSpan.TicksPerDay));
            var delays = Enumerable.Range(1, 100).Select(new ExponentialBackoff(min, max).After).ToList();

            delays.ShouldBeInOrder(SortDirection.Ascending);
            delays[0].ShouldBe(min);
            delays[^1].ShouldBe(max);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(2, 1)]
    public void Refuses_bounds_that_cannot_grow(int min, int max) =>
        Should.Throw<ArgumentException>(() => new ExponentialBackoff(TimeSpan.FromSeconds(min), TimeSpan.FromSeconds(max)));

    [Fact]
    public void Counts_each_key_for_itself_and_starts_over_when_forgotten()
    {
        var keys = new KeyBackoff<string>(Backoff);
        keys.Fail("a");
        keys.Fail("a").ShouldBe(TimeSpan.FromMilliseconds(10));
        keys.Fail("b").ShouldBe(TimeSpan.FromMilliseconds(5));
        keys.Failures("a").ShouldBe(2);

        keys.Forget("a");

        keys.Failures("a").ShouldBe(0);
        keys.Fail("a").ShouldBe(TimeSpan.FromMilliseconds(5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Waits_for_each_key_by_its_failures_since_it_last_succeeded_and_remembers_only_those_that_fail(int seed)
    {
        var random = new Random(seed);
        var keys = new KeyBackoff<int>(Backoff);
        var failures = new Dictionary<int, int>();
        for (var step = 0; step < 20_000; step++)
        {
            var key = random.Next(8);
            if (random.Next(4 + (key * 8)) == 0)
            {
                keys.Forget(key);
                failures.Remove(key);
            }
            else
            {
                failures[key] = failures.GetValueOrDefault(key) + 1;
                keys.Fail(key).TotalMilliseconds.ShouldBe(failures[key] < 15 ? 5 << (failures[key] - 1) : 60_000, $"seed {seed}, step {step}");
            }

            keys.Count.ShouldBe(failures.Count);
        }
    }

    [Fact]
    public void Counts_every_failure_of_workers_that_fail_at_once()
    {
        var keys = new KeyBackoff<int>(Backoff);
        Parallel.For(0, 10_000, i => keys.Fail(i % 3));
        Enumerable.Range(0, 3).Sum(keys.Failures).ShouldBe(10_000);
    }
}
