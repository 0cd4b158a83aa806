using System.Diagnostics.Metrics;

namespace Slipway.Runtime.Metrics;

/// <summary>
/// Gathers what this process's meters measure, for whoever scrapes it as Prometheus does. What was measured before it began to listen
/// is missed, but for what is read at the moment of the scrape. Safe for concurrent use.
/// </summary>
public sealed class MetricsRegistry : IDisposable
{
    /// <summary>The media type of <see cref="Write"/>.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly Lock _scrape = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <param name="meters">Names of the meters to listen to.</param>
    public MetricsRegistry(params IReadOnlyList<string> meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Contains(instrument.Meter.Name))
            {
                listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((MetricFamily)family!).Take(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((MetricFamily)family!).Take(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((MetricFamily)family!).Take(value, tags));
        _listener.Start();
    }

    /// <summary>Everything as it stands now, in Prometheus' text format.</summary>
    public string Write()
    {
        // Not the gate: what is published meanwhile needs that, and scrapes only wait for each other.
        lock (_scrape)
        {
            var families = Families();
            foreach (var family in families)
            {
                family.ForgetObserved();
            }

            _listener.RecordObservableInstruments();
            return PrometheusText.Of(families);
        }
    }

    public void Dispose() => _listener.Dispose();

    private List<MetricFamily> Families()
    {
        lock (_gate)
        {
            return [.. _families.Values];
        }
    }

    private MetricFamily FamilyOf(Instrument instrument)
    {
        lock (_gate)
        {
            if (!_families.TryGetValue(instrument.Name, out var family))
            {
                _families.Add(instrument.Name, family = MetricFamily.Of(instrument));
            }

            return family;
        }
    }
}
