namespace Slipway.Runtime.Metrics;

/// <summary>One value, or the distribution of many. Not thread-safe.</summary>
internal sealed class MetricSeries(IReadOnlyList<double> bounds)
{
    private readonly long[] _buckets = new long[bounds.Count];

    /// <summary>How it stands; of a distribution, the sum of what was measured.</summary>
    public double Value { get; private set; }

    /// <summary>How often it was measured.</summary>
    public long Count { get; private set; }

    public void Set(double value) => Value = value;

    public void Add(double value)
    {
        Value += value;
        Count++;
        for (var index = 0; index < bounds.Count; index++)
        {
            if (value <= bounds[index])
            {
                _buckets[index]++;
                break;
            }
        }
    }

    /// <summary>How many measurements were at most each bound: the buckets of Prometheus include the smaller ones.</summary>
    public IEnumerable<(double Bound, long Count)> Cumulative()
    {
        var sum = 0L;
        for (var index = 0; index < bounds.Count; index++)
        {
            sum += _buckets[index];
            yield return (bounds[index], sum);
        }
    }

    public MetricSeries Copy()
    {
        var copy = new MetricSeries(bounds) { Value = Value, Count = Count };
        _buckets.CopyTo(copy._buckets, 0);
        return copy;
    }
}
