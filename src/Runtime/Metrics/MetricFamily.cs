using System.Diagnostics.Metrics;

namespace Slipway.Runtime.Metrics;

internal enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>An instrument, and a series for each set of labels that it was measured with.</summary>
internal sealed class MetricFamily(string name, string description, MetricType type, bool observed, IReadOnlyList<double> bounds)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<KeyValuePair<string, object?>[], MetricSeries> _series = new(new LabelComparer());

    public string Name => name;

    public string Description => description;

    public MetricType Type => type;

    public static MetricFamily Of(Instrument instrument) => new(
        instrument.Name,
        instrument.Description ?? "",
        instrument switch
        {
            Histogram<double> => MetricType.Histogram,
            Counter<long> or ObservableCounter<long> or ObservableCounter<double> => MetricType.Counter,
            _ => MetricType.Gauge,
        },
        instrument.IsObservable,
        (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? []);

    /// <summary>What an observable instrument says is how it stands; all others tell what is added.</summary>
    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        lock (_gate)
        {
            var lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
            if (!lookup.TryGetValue(labels, out var series))
            {
                lookup[labels] = series = new MetricSeries(bounds);
            }

            if (observed)
            {
                series.Set(value);
            }
            else
            {
                series.Add(value);
            }
        }
    }

    /// <summary>What an observable instrument does not speak of any more is gone.</summary>
    public void ForgetObserved()
    {
        lock (_gate)
        {
            if (observed)
            {
                _series.Clear();
            }
        }
    }

    /// <summary>Every series with its labels, in an order that does not change.</summary>
    public IReadOnlyList<(IReadOnlyList<KeyValuePair<string, object?>> Labels, MetricSeries Series)> Read()
    {
        lock (_gate)
        {
            return
            [
                .. _series
                    .Select(pair => ((IReadOnlyList<KeyValuePair<string, object?>>)pair.Key, pair.Value.Copy()))
                    .OrderBy(one => string.Join('\0', one.Item1.Select(label => label.Value)), StringComparer.Ordinal),
            ];
        }
    }
}
