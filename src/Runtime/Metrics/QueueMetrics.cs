using System.Diagnostics.Metrics;
using Slipway.Runtime.Queueing;

namespace Slipway.Runtime.Metrics;

/// <summary>What happens in one queue, until disposed.</summary>
internal sealed class QueueMetrics : IDisposable
{
    private readonly KeyValuePair<string, object?> _name;
    private readonly KeyValuePair<string, object?> _controller;
    private readonly Func<QueueReading> _read;
    private long _added;
    private long _retried;

    /// <param name="name">The queue's name, which is its controller's.</param>
    /// <param name="read">How the queue stands; called while somebody collects.</param>
    public QueueMetrics(string name, Func<QueueReading> read)
    {
        _name = new("name", name);
        _controller = new("controller", name);
        _read = read;
        RuntimeMeter.Queues.Add(this);
    }

    public void Added() => Interlocked.Increment(ref _added);

    public void Retried() => Interlocked.Increment(ref _retried);

    public void Waited(TimeSpan length) => RuntimeMeter.QueueDuration.Record(length.TotalSeconds, _name, _controller);

    public void Worked(TimeSpan length) => RuntimeMeter.WorkDuration.Record(length.TotalSeconds, _name, _controller);

    public IEnumerable<Measurement<long>> Depth()
    {
        var reading = _read();
        return [Depth(reading.Low, QueuePriority.Low), Depth(reading.Normal, QueuePriority.Normal)];
    }

    public IEnumerable<Measurement<long>> Adds() => [new(Interlocked.Read(ref _added), _name, _controller)];

    public IEnumerable<Measurement<long>> Retries() => [new(Interlocked.Read(ref _retried), _name, _controller)];

    public IEnumerable<Measurement<double>> UnfinishedWork() => [new(_read().UnfinishedWork.TotalSeconds, _name, _controller)];

    public IEnumerable<Measurement<double>> LongestRunning() => [new(_read().LongestRunning.TotalSeconds, _name, _controller)];

    public void Dispose() => RuntimeMeter.Queues.Remove(this);

    /// <summary>The priorities by the numbers controller-runtime gives them.</summary>
    private Measurement<long> Depth(int keys, QueuePriority priority) => new(keys, _name, _controller, new("priority", priority switch
    {
        QueuePriority.Low => "-100",
        QueuePriority.Normal => "0",
    }));
}

/// <summary>How a queue stands at one moment.</summary>
/// <param name="Low">Keys that wait with low priority.</param>
/// <param name="Normal">Keys that wait with normal priority.</param>
/// <param name="UnfinishedWork">How long the keys in process have been so, added up.</param>
/// <param name="LongestRunning">How long the one of them that is so longest.</param>
internal readonly record struct QueueReading(int Low, int Normal, TimeSpan UnfinishedWork, TimeSpan LongestRunning);
