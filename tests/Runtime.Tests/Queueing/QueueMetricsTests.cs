using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Shouldly;
using Slipway.Runtime.Queueing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Runtime.Tests.Queueing;

public sealed class QueueMetricsTests
{
    [Fact]
    public async Task Measures_what_happens_in_a_queue()
    {
        var sums = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == "Slipway.Runtime")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        var clock = new FakeClock();
        using (var queue = new WorkQueue<string>("measured", clock))
        {
            queue.Add("a", QueuePriority.Normal);
            queue.Add("a", QueuePriority.Normal);
            clock.Advance(TimeSpan.FromSeconds(2));
            await queue.TakeAsync(CancellationToken.None);
            queue.Add("a", QueuePriority.Normal);
            clock.Advance(TimeSpan.FromSeconds(3));
            queue.Done("a");
            queue.Retry("b", TimeSpan.FromSeconds(1), QueuePriority.Normal);
            sums["workqueue_depth"].ShouldBe(1);
        }

        sums["workqueue_adds_total"].ShouldBe(2);
        sums["workqueue_retries_total"].ShouldBe(1);
        sums["workqueue_queue_duration_seconds"].ShouldBe(2);
        sums["workqueue_work_duration_seconds"].ShouldBe(3);
        sums["workqueue_depth"].ShouldBe(0);

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length > 0 && tags[0].Value as string == "measured")
            {
                sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
            }
        }
    }
}
