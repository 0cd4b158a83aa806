using System.Diagnostics.Metrics;

namespace Slipway.Runtime.Metrics;

/// <summary>
/// The instruments of the runtime, under the names and labels that dashboards for controller-runtime know. What can be
/// counted or looked at is read when somebody collects: every series is there from the start with its zero, whoever begins
/// to listen late has missed nothing, and nothing is measured that nobody asks for.
/// </summary>
public static class RuntimeMeter
{
    /// <summary>The meter to subscribe to.</summary>
    public const string Name = "Slipway.Runtime";

    internal static readonly Measured<ControllerMetrics> Controllers = new();
    internal static readonly Measured<QueueMetrics> Queues = new();
    internal static readonly Measured<ElectionMetrics> Elections = new();

    private static readonly Meter Meter = new(Name);

    internal static readonly Histogram<double> ReconcileTime =
        Meter.CreateHistogram("controller_runtime_reconcile_time_seconds", "s", "Length of a reconcile, by controller.", advice: Buckets(ReconcileBuckets()));

    internal static readonly Histogram<double> QueueDuration =
        Meter.CreateHistogram("workqueue_queue_duration_seconds", "s", "How long a ready key waited for a worker.", advice: Buckets(QueueBuckets()));

    internal static readonly Histogram<double> WorkDuration =
        Meter.CreateHistogram("workqueue_work_duration_seconds", "s", "How long a worker held a key.", advice: Buckets(QueueBuckets()));

    internal static readonly Counter<long> Relists =
        Meter.CreateCounter<long>("reflector_lists_total", description: "Full states taken in, as a list or a stream, by kind.");

    internal static readonly Counter<long> WatchFailures =
        Meter.CreateCounter<long>("reflector_watch_failures_total", description: "Watches that ended in an error, by kind.");

    static RuntimeMeter()
    {
        ObserveControllers();
        ObserveQueues();
        ObserveElections();
    }

    private static void ObserveControllers()
    {
        Meter.CreateObservableCounter(
            "controller_runtime_reconcile_total",
            () => Controllers.Read(controller => controller.Results()),
            description: "Reconciles by controller and result.");
        Meter.CreateObservableCounter(
            "controller_runtime_reconcile_errors_total",
            () => Controllers.Read(controller => controller.Errors()),
            description: "Reconciles that threw, by controller.");
        Meter.CreateObservableCounter(
            "controller_runtime_reconcile_timeouts_total",
            () => Controllers.Read(controller => controller.Timeouts()),
            description: "Reconciles that were told to end because they took too long, by controller.");
        Meter.CreateObservableGauge(
            "controller_runtime_active_workers",
            () => Controllers.Read(controller => controller.ActiveWorkers()),
            description: "Workers that are reconciling now, by controller.");
        Meter.CreateObservableGauge(
            "controller_runtime_max_concurrent_reconciles",
            () => Controllers.Read(controller => controller.Workers()),
            description: "Workers that may reconcile at the same time, by controller.");
    }

    private static void ObserveQueues()
    {
        Meter.CreateObservableGauge(
            "workqueue_depth", () => Queues.Read(queue => queue.Depth()), description: "Keys waiting for a worker, by priority.");
        Meter.CreateObservableCounter(
            "workqueue_adds_total", () => Queues.Read(queue => queue.Adds()), description: "Keys added.");
        Meter.CreateObservableCounter(
            "workqueue_retries_total", () => Queues.Read(queue => queue.Retries()), description: "Keys added again after a failure.");
        Meter.CreateObservableGauge(
            "workqueue_unfinished_work_seconds",
            () => Queues.Read(queue => queue.UnfinishedWork()),
            "s",
            "How long the keys that workers hold now have been held, added up. When it only ever grows, a worker is stuck.");
        Meter.CreateObservableGauge(
            "workqueue_longest_running_processor_seconds",
            () => Queues.Read(queue => queue.LongestRunning()),
            "s",
            "How long the key that is held longest has been held.");
    }

    private static void ObserveElections()
    {
        Meter.CreateObservableGauge(
            "leader_election_master_status",
            () => Elections.Read(election => election.MasterStatus()),
            description: "1 while this process leads, 0 while it stands by, by lease.");
        Meter.CreateObservableCounter(
            "leader_election_slowpath_total",
            () => Elections.Read(election => election.SlowPaths()),
            description: "Renewals for which the lease had to be read first, by lease.");
    }

    private static InstrumentAdvice<double> Buckets(IReadOnlyList<double> bounds) => new() { HistogramBucketBoundaries = bounds };

    /// <summary>The forty of controller-runtime, 5 ms to 60 s: its dashboards name some of them.</summary>
    private static double[] ReconcileBuckets() =>
    [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5,
        1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
    ];

    /// <summary>1, 2.5 and 5 times each power of ten from 10 µs to 500 s, and 1000 s.</summary>
    private static double[] QueueBuckets() =>
    [
        .. Enumerable.Range(-5, 8).SelectMany(power => new[] { 1, 2.5, 5 }.Select(step => step * Math.Pow(10, power))),
        1000,
    ];
}
