namespace Slipway.Runtime.Metrics;

/// <summary>What happened in one queue.</summary>
internal sealed class QueueMetrics(string name)
{
    private readonly KeyValuePair<string, object?> _name = new("name", name);

    public void Added() => RuntimeMeter.QueueAdds.Add(1, _name);

    public void Retried() => RuntimeMeter.QueueRetries.Add(1, _name);

    public void Deeper() => RuntimeMeter.QueueDepth.Add(1, _name);

    public void Shallower(TimeSpan waited)
    {
        RuntimeMeter.QueueDepth.Add(-1, _name);
        RuntimeMeter.QueueDuration.Record(waited.TotalSeconds, _name);
    }

    public void Worked(TimeSpan length) => RuntimeMeter.WorkDuration.Record(length.TotalSeconds, _name);
}
