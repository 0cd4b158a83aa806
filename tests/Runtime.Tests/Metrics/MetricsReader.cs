using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Slipway.Runtime.Metrics;

namespace Slipway.Runtime.Tests.Metrics;

/// <summary>What an exporter would see of one controller and its queue, or whatever else has a label of that value.</summary>
internal sealed class MetricsReader : IDisposable
{
    private readonly ConcurrentQueue<(string Series, double Value)> _seen = new();
    private readonly MeterListener _listener = new();
    private readonly string _label;
    private readonly string _value;

    public MetricsReader(string controller)
        : this("controller", controller)
    {
    }

    public MetricsReader(string label, string value)
    {
        (_label, _value) = (label, value);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RuntimeMeter.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The values recorded of a histogram.</summary>
    public IReadOnlyList<double> Recorded(string series) => [.. _seen.Where(seen => seen.Series == series).Select(seen => seen.Value)];

    /// <summary>All that is to be collected now: counters and gauges.</summary>
    public Dictionary<string, double> Collect()
    {
        var before = _seen.Count;
        _listener.RecordObservableInstruments();
        return _seen.Skip(before).ToDictionary(seen => seen.Series, seen => seen.Value);
    }

    public void Dispose() => _listener.Dispose();

    private void See(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = tags.ToArray();
        if (Array.Exists(labels, label => label.Key == _label && (string?)label.Value == _value))
        {
            var shown = labels.Where(label => label.Key != _label).Select(label => $"{label.Key}={label.Value}").Order();
            _seen.Enqueue(($"{instrument.Name}{{{string.Join(',', shown)}}}", value));
        }
    }
}
