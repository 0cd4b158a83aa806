using System.Diagnostics.Metrics;

namespace Slipway.Runtime.Metrics;

/// <summary>The instruments of the runtime, under the names that dashboards for controller-runtime know.</summary>
internal static class RuntimeMeter
{
    public const string Name = "Slipway.Runtime";

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> ReconcileTotal =
        Meter.CreateCounter<long>("controller_runtime_reconcile_total", description: "Reconciles by controller and result.");

    public static readonly Counter<long> ReconcileErrors =
        Meter.CreateCounter<long>("controller_runtime_reconcile_errors_total", description: "Reconciles that threw, by controller.");

    public static readonly Histogram<double> ReconcileTime =
        Meter.CreateHistogram("controller_runtime_reconcile_time_seconds", "s", "Length of a reconcile, by controller.", advice: Buckets(0.005, 60));

    public static readonly UpDownCounter<long> ActiveWorkers =
        Meter.CreateUpDownCounter<long>("controller_runtime_active_workers", description: "Workers that are reconciling now, by controller.");

    public static readonly UpDownCounter<long> QueueDepth =
        Meter.CreateUpDownCounter<long>("workqueue_depth", description: "Keys waiting for a worker.");

    public static readonly Counter<long> QueueAdds =
        Meter.CreateCounter<long>("workqueue_adds_total", description: "Keys added.");

    public static readonly Counter<long> QueueRetries =
        Meter.CreateCounter<long>("workqueue_retries_total", description: "Keys added again after a failure.");

    public static readonly Histogram<double> QueueDuration =
        Meter.CreateHistogram("workqueue_queue_duration_seconds", "s", "How long a ready key waited for a worker.", advice: Buckets(0.001, 1000));

    public static readonly Histogram<double> WorkDuration =
        Meter.CreateHistogram("workqueue_work_duration_seconds", "s", "How long a worker held a key.", advice: Buckets(0.001, 1000));

    public static readonly Counter<long> Relists =
        Meter.CreateCounter<long>("reflector_lists_total", description: "Full lists made, by kind.");

    public static readonly Counter<long> WatchFailures =
        Meter.CreateCounter<long>("reflector_watch_failures_total", description: "Watches that ended in an error, by kind.");

    /// <summary>1, 2.5 and 5 times each power of ten between the bounds.</summary>
    private static InstrumentAdvice<double> Buckets(double from, double to) => new()
    {
        HistogramBucketBoundaries =
        [
            .. Enumerable.Range(-3, 7)
                .SelectMany(power => new[] { 1, 2.5, 5 }.Select(step => step * Math.Pow(10, power)))
                .Where(bound => bound >= from && bound <= to),
        ],
    };
}
