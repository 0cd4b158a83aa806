using Shouldly;
using Slipway.Runtime.Queueing;
using Slipway.Runtime.Tests.Queueing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Metrics;

public sealed class QueueMetricsTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly MetricsReader _metrics = new("measured");

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Shows_a_zero_of_everything_from_the_start_and_nothing_once_disposed()
    {
        using (new WorkQueue<string>("measured", _clock))
        {
            _metrics.Collect().ShouldBe(new Dictionary<string, double>
            {
                ["workqueue_depth{name=measured,priority=-100}"] = 0,
                ["workqueue_depth{name=measured,priority=0}"] = 0,
                ["workqueue_adds_total{name=measured}"] = 0,
                ["workqueue_retries_total{name=measured}"] = 0,
                ["workqueue_unfinished_work_seconds{name=measured}"] = 0,
                ["workqueue_longest_running_processor_seconds{name=measured}"] = 0,
            }, ignoreOrder: true);
        }

        _metrics.Collect().ShouldBeEmpty();
    }

    [Fact]
    public async Task Counts_a_key_once_however_often_it_is_added_before_it_is_looked_at()
    {
        using var queue = new WorkQueue<string>("measured", _clock);
        queue.Add("a", QueuePriority.Normal);
        queue.Add("a", QueuePriority.Normal);
        await queue.TakeAsync(CancellationToken.None);
        queue.Add("a", QueuePriority.Normal);
        queue.Add("a", QueuePriority.Normal);
        queue.Done("a");
        queue.Retry("b", TimeSpan.FromSeconds(1), QueuePriority.Normal);

        var seen = _metrics.Collect();
        seen["workqueue_adds_total{name=measured}"].ShouldBe(2);
        seen["workqueue_retries_total{name=measured}"].ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _metrics.Collect()["workqueue_adds_total{name=measured}"].ShouldBe(3);
    }

    [Fact]
    public void Shows_the_depth_of_each_priority()
    {
        using var queue = new WorkQueue<string>("measured", _clock);
        queue.Add("a", QueuePriority.Low);
        queue.Add("b", QueuePriority.Low);
        queue.Add("c", QueuePriority.Low);
        queue.Add("c", QueuePriority.Normal);
        queue.AddAfter("d", TimeSpan.FromSeconds(1), QueuePriority.Normal);

        var seen = _metrics.Collect();
        seen["workqueue_depth{name=measured,priority=-100}"].ShouldBe(2);
        seen["workqueue_depth{name=measured,priority=0}"].ShouldBe(1);
    }

    [Fact]
    public async Task Measures_how_long_keys_wait_and_how_long_they_are_held()
    {
        using var queue = new WorkQueue<string>("measured", _clock);
        queue.Add("a", QueuePriority.Normal);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await queue.TakeAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(3));
        queue.Add("b", QueuePriority.Normal);
        await queue.TakeAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(4));

        var held = _metrics.Collect();
        held["workqueue_unfinished_work_seconds{name=measured}"].ShouldBe(11);
        held["workqueue_longest_running_processor_seconds{name=measured}"].ShouldBe(7);
        queue.Done("a");
        queue.Done("b");
        _metrics.Collect()["workqueue_unfinished_work_seconds{name=measured}"].ShouldBe(0);
        _metrics.Recorded("workqueue_queue_duration_seconds{name=measured}").ShouldBe([2, 0]);
        _metrics.Recorded("workqueue_work_duration_seconds{name=measured}").ShouldBe([7, 4]);
    }

    [Fact]
    public void Gets_back_to_zero_after_every_schedule()
    {
        foreach (var seed in Enumerable.Range(1, 100))
        {
            using var queue = new RealQueue("measured");
            QueueProperty.Check(queue, QueueProperty.Schedule(seed));

            _metrics.Collect()
                .Where(seen => !seen.Key.Contains("_total"))
                .ShouldAllBe(seen => seen.Value == 0, $"seed {seed}");
        }
    }
}
