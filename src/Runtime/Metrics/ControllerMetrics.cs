using System.Diagnostics.Metrics;

namespace Slipway.Runtime.Metrics;

/// <summary>How the reconciles of one controller go, until disposed.</summary>
internal sealed class ControllerMetrics : IDisposable
{
    private readonly KeyValuePair<string, object?> _controller;
    private readonly int _workers;
    private long _active;
    private long _settled;
    private long _delayed;
    private long _failed;
    private long _timedOut;

    /// <param name="controller">Its name.</param>
    /// <param name="workers">How many reconciles it may run at the same time.</param>
    public ControllerMetrics(string controller, int workers)
    {
        _controller = new("controller", controller);
        _workers = workers;
        RuntimeMeter.Controllers.Add(this);
    }

    public void Began() => Interlocked.Increment(ref _active);

    public void Ended(TimeSpan length, bool timedOut)
    {
        Interlocked.Decrement(ref _active);
        RuntimeMeter.ReconcileTime.Record(length.TotalSeconds, _controller);
        if (timedOut)
        {
            Interlocked.Increment(ref _timedOut);
        }
    }

    public void Succeeded(Next next) => Interlocked.Increment(ref next.Delay is null ? ref _settled : ref _delayed);

    public void Failed() => Interlocked.Increment(ref _failed);

    public IEnumerable<Measurement<long>> Results() =>
    [
        new(Interlocked.Read(ref _settled), _controller, new("result", "success")),
        new(Interlocked.Read(ref _delayed), _controller, new("result", "requeue_after")),
        new(Interlocked.Read(ref _failed), _controller, new("result", "error")),
    ];

    public IEnumerable<Measurement<long>> Errors() => [new(Interlocked.Read(ref _failed), _controller)];

    public IEnumerable<Measurement<long>> Timeouts() => [new(Interlocked.Read(ref _timedOut), _controller)];

    public IEnumerable<Measurement<long>> ActiveWorkers() => [new(Interlocked.Read(ref _active), _controller)];

    public IEnumerable<Measurement<long>> Workers() => [new(_workers, _controller)];

    public void Dispose() => RuntimeMeter.Controllers.Remove(this);
}
