using System.Diagnostics.Metrics;
using Shouldly;
using Slipway.Runtime.Metrics;
using Xunit;

namespace Slipway.Runtime.Tests.Metrics;

public sealed class MetricsRegistryTests : IDisposable
{
    private readonly Meter _meter = new($"test-{Guid.NewGuid():N}");
    private readonly MetricsRegistry _registry;

    public MetricsRegistryTests() => _registry = new MetricsRegistry(_meter.Name);

    public void Dispose()
    {
        _registry.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Writes_counters_by_their_labels()
    {
        var counter = _meter.CreateCounter<long>("races_total", description: "Lost races.");
        counter.Add(2, Label("operation", "slug"));
        counter.Add(1, Label("operation", "version"));
        counter.Add(3, Label("operation", "slug"));

        _registry.Write().ShouldBe(
            """
            # HELP races_total Lost races.
            # TYPE races_total counter
            races_total{operation="slug"} 5
            races_total{operation="version"} 1

            """);
    }

    [Fact]
    public void Writes_what_stands_at_the_moment_of_the_scrape()
    {
        var depth = new Dictionary<string, int> { ["stack"] = 3 };
        _meter.CreateObservableGauge("depth", () => depth.Select(one => new Measurement<int>(one.Value, Label("name", one.Key))));
        _registry.Write().ShouldContain("depth{name=\"stack\"} 3\n");

        depth["stack"] = 1;
        _registry.Write().ShouldContain("depth{name=\"stack\"} 1\n");

        depth.Clear();
        _registry.Write().ShouldNotContain("depth");
    }

    [Fact]
    public void Writes_distributions_with_buckets_that_include_the_smaller_ones()
    {
        var times = _meter.CreateHistogram(
            "time_seconds", "s", "Times.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var time in (double[])[0.05, 0.1, 0.5, 7])
        {
            times.Record(time);
        }

        _registry.Write().ShouldBe(
            """
            # HELP time_seconds Times.
            # TYPE time_seconds histogram
            time_seconds_bucket{le="0.1"} 2
            time_seconds_bucket{le="1"} 3
            time_seconds_bucket{le="+Inf"} 4
            time_seconds_sum 7.65
            time_seconds_count 4

            """);
    }

    [Fact]
    public void Escapes_what_would_break_a_line()
    {
        _meter.CreateCounter<long>("odd_total", description: "One\nline, one \\.").Add(1, Label("what", "a \"b\"\n\\c"));

        _registry.Write().ShouldBe("# HELP odd_total One\\nline, one \\\\.\n# TYPE odd_total counter\nodd_total{what=\"a \\\"b\\\"\\n\\\\c\"} 1\n");
    }

    [Fact]
    public void Hears_of_no_other_meter()
    {
        using var other = new Meter($"{_meter.Name}-other");
        other.CreateCounter<long>("other_total").Add(1);

        _registry.Write().ShouldBeEmpty();
    }

    [Fact]
    public async Task Loses_nothing_when_many_count_while_it_is_scraped()
    {
        var counter = _meter.CreateCounter<long>("many_total");
        using var done = new CancellationTokenSource();
        var scraping = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                _registry.Write();
            }
        });

        Parallel.For(0, 8, worker =>
        {
            for (var number = 0; number < 2000; number++)
            {
                counter.Add(1, Label("worker", worker % 2));
            }
        });
        await done.CancelAsync();
        await scraping;

        _registry.Write().ShouldContain("many_total{worker=\"0\"} 8000\nmany_total{worker=\"1\"} 8000\n");
    }

    private static KeyValuePair<string, object?> Label(string key, object value) => new(key, value);
}
