namespace Slipway.Runtime.Metrics;

/// <summary>How the reconciles of one controller went.</summary>
internal sealed class ControllerMetrics(string controller)
{
    private readonly KeyValuePair<string, object?> _controller = new("controller", controller);

    public void Began() => RuntimeMeter.ActiveWorkers.Add(1, _controller);

    public void Ended(TimeSpan length)
    {
        RuntimeMeter.ActiveWorkers.Add(-1, _controller);
        RuntimeMeter.ReconcileTime.Record(length.TotalSeconds, _controller);
    }

    public void Succeeded(Next next) =>
        RuntimeMeter.ReconcileTotal.Add(1, _controller, new("result", next.Delay is null ? "success" : "requeue_after"));

    public void Failed()
    {
        RuntimeMeter.ReconcileTotal.Add(1, _controller, new("result", "error"));
        RuntimeMeter.ReconcileErrors.Add(1, _controller);
    }
}
