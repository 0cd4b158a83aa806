using System.Diagnostics.Metrics;
using Shouldly;
using Xunit;

namespace Slipway.Retry.Tests;

public sealed class ConflictRetryTests
{
    private readonly List<Collision> _collisions = [];
    private readonly ImmediateTimers _time = new();

    [Fact]
    public async Task Returns_what_the_first_attempt_returned()
    {
        (await Retry().ExecuteAsync(Operation(), (attempt, _) => Task.FromResult(attempt), default)).ShouldBe(1);
        _collisions.ShouldBeEmpty();
        _time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Runs_a_lost_race_again_and_numbers_the_attempts_from_one()
    {
        var attempts = new List<int>();

        var result = await Retry().ExecuteAsync(Operation(), (attempt, _) => Lose(attempt, attempts, until: 4), default);

        result.ShouldBe("won in 4");
        attempts.ShouldBe([1, 2, 3, 4]);
        _collisions.Select(collision => collision.Attempt).ShouldBe([1, 2, 3]);
        _collisions.ShouldAllBe(collision => collision.Operation == "version" && collision.Subject == "team/shop" && collision.Error is Conflict);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(5, 6)]
    public async Task Gives_up_after_the_retries_with_the_dedicated_error_and_the_last_conflict_inside(int retries, int attempts)
    {
        var made = new List<int>();

        var error = await Should.ThrowAsync<LostForGood>(
            () => Retry(retries).ExecuteAsync(Operation(), (attempt, _) => Lose(attempt, made, until: int.MaxValue), default));

        error.Attempts.ShouldBe(attempts);
        error.InnerException.ShouldBeOfType<Conflict>().Message.ShouldBe($"lost {attempts}");
        made.Count.ShouldBe(attempts);
        _collisions.Count.ShouldBe(attempts);
        _time.Waits.Count.ShouldBe(retries);
    }

    [Fact]
    public async Task Passes_any_other_error_through_at_once_and_untouched()
    {
        var original = new InvalidOperationException("a bug");
        var calls = 0;

        var error = await Should.ThrowAsync<InvalidOperationException>(() => Retry().ExecuteAsync<int>(
            Operation(), (_, _) => ++calls == 1 ? throw original : Task.FromResult(0), default));

        error.ShouldBeSameAs(original);
        calls.ShouldBe(1);
        _collisions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Passes_another_error_through_also_after_a_conflict()
    {
        var original = new InvalidOperationException("a bug");

        var error = await Should.ThrowAsync<InvalidOperationException>(() => Retry().ExecuteAsync<int>(
            Operation(), (attempt, _) => throw (attempt == 1 ? new Conflict("lost 1") : original), default));

        error.ShouldBeSameAs(original);
        _collisions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Waits_uniformly_between_the_shortest_and_the_longest_delay()
    {
        var options = new ConflictRetryOptions { MaxRetries = 2000 };
        var retry = new ConflictRetry(options, _time, new Random(42));

        await retry.ExecuteAsync(Operation(), (attempt, _) => Lose(attempt, [], until: 2001), default);

        var waits = _time.Waits.ToList();
        waits.Count.ShouldBe(2000);
        waits.ShouldAllBe(wait => wait >= options.MinDelay && wait <= options.MaxDelay);
        waits.Min(wait => wait.TotalMilliseconds).ShouldBeLessThan(6);
        waits.Max(wait => wait.TotalMilliseconds).ShouldBeGreaterThanOrEqualTo(49);
        waits.Average(wait => wait.TotalMilliseconds).ShouldBe(27, tolerance: 1.5);
    }

    [Fact]
    public async Task Takes_its_jitter_from_the_injected_dice()
    {
        await Retry().ExecuteAsync(Operation(), (attempt, _) => Lose(attempt, [], until: 4), default);

        var dice = new Random(42);
        _time.Waits.ShouldBe(Enumerable.Range(0, 3).Select(_ => TimeSpan.FromMilliseconds(5) + (TimeSpan.FromMilliseconds(45) * dice.NextDouble())),
            comparer: new ToTheMillisecond());
    }

    [Fact]
    public async Task Draws_jitter_safely_from_many_threads()
    {
        var retry = new ConflictRetry(new ConflictRetryOptions { MaxRetries = 50 }, _time, new SingleThreadedRandom());

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(
            () => retry.ExecuteAsync(Operation(), (attempt, _) => Lose(attempt, [], until: 51), default))));

        _time.Waits.Count.ShouldBe(32 * 50);
    }

    [Fact]
    public async Task Stops_waiting_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var calls = 0;

        await Should.ThrowAsync<OperationCanceledException>(() => Retry().ExecuteAsync<int>(
            Operation(),
            async (_, _) =>
            {
                calls++;
                await cancellation.CancelAsync();
                throw new Conflict("lost while leaving");
            },
            cancellation.Token));

        calls.ShouldBe(1);
    }

    [Fact]
    public async Task Counts_every_collision_by_operation()
    {
        var counted = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: ConflictRetry.MeterName, Name: "slipway_conflict_collisions_total" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.Contains(new KeyValuePair<string, object?>("operation", "counted")))
            {
                counted += value;
            }
        });
        listener.Start();

        await Should.ThrowAsync<LostForGood>(() => Retry(2).ExecuteAsync(
            Operation("counted"), (attempt, _) => Lose(attempt, [], until: int.MaxValue), default));

        counted.ShouldBe(3);
        _collisions.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(-1, 5, 50, "MaxRetries is -1")]
    [InlineData(5, -1, 50, "MinDelay is -1 ms")]
    [InlineData(5, 51, 50, "MaxDelay is 50 ms, less than MinDelay (51 ms)")]
    public void Refuses_options_that_cannot_work_and_names_the_value(int retries, int min, int max, string message)
    {
        var options = new ConflictRetryOptions
        {
            MaxRetries = retries,
            MinDelay = TimeSpan.FromMilliseconds(min),
            MaxDelay = TimeSpan.FromMilliseconds(max),
        };

        Should.Throw<ArgumentException>(options.Validate).Message.ShouldContain(message);
        Should.Throw<ArgumentException>(() => new ConflictRetry(options, _time, new Random(42)));
    }

    [Fact]
    public void Has_the_documented_defaults()
    {
        var options = new ConflictRetryOptions();
        (options.MaxRetries, options.MinDelay, options.MaxDelay)
            .ShouldBe((5, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50)));
        options.Validate();
    }

    [Fact]
    public void Accepts_no_retries_and_no_delay() =>
        new ConflictRetryOptions { MaxRetries = 0, MinDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero }.Validate();

    private ConflictRetry Retry(int retries = 5) =>
        new(new ConflictRetryOptions { MaxRetries = retries }, _time, new Random(42), _collisions.Add);

    private static ConflictOperation Operation(string name = "version") =>
        new(name, "team/shop", error => error is Conflict, (error, attempts) => new LostForGood(attempts, error));

    private static async Task<string> Lose(int attempt, List<int> attempts, int until)
    {
        await Task.Yield();
        attempts.Add(attempt);
        return attempt < until ? throw new Conflict($"lost {attempt}") : $"won in {attempt}";
    }

    private sealed class Conflict(string message) : Exception(message);

    private sealed class LostForGood(int attempts, Exception inner) : Exception("lost", inner)
    {
        public int Attempts { get; } = attempts;
    }

    /// <summary>Timers have millisecond resolution.</summary>
    private sealed class ToTheMillisecond : IEqualityComparer<TimeSpan>
    {
        public bool Equals(TimeSpan x, TimeSpan y) => (x - y).Duration() <= TimeSpan.FromMilliseconds(1);

        public int GetHashCode(TimeSpan obj) => 0;
    }
}
