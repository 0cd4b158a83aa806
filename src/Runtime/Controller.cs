using Slipway.Crds.Meta;
using Slipway.Runtime.Metrics;
using Slipway.Runtime.Queueing;

namespace Slipway.Runtime;

/// <summary>
/// The one control loop: takes keys from its queue and has them reconciled, with timeout, isolation of failures,
/// backoff and metrics.
/// </summary>
internal sealed class Controller : IEnqueuer, IDisposable
{
    private readonly string _name;
    private readonly IReconciler _reconciler;
    private readonly ControllerOptions _options;
    private readonly RuntimeObserver _observer;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly WorkQueue<NamespacedName> _queue;
    private readonly KeyBackoff<NamespacedName> _backoff;
    private readonly ControllerMetrics _metrics;
    private readonly List<Func<IEnumerable<NamespacedName>>> _sources = [];

    public Controller(
        string name, IReconciler reconciler, ControllerOptions options, RuntimeObserver observer, TimeProvider time, Random random)
    {
        options.Validate();
        _name = name;
        _reconciler = reconciler;
        _options = options;
        _observer = observer;
        _time = time;
        _random = random;
        _queue = new WorkQueue<NamespacedName>(name, time);
        _backoff = new KeyBackoff<NamespacedName>(new ExponentialBackoff(options.MinBackoff, options.MaxBackoff));
        _metrics = new ControllerMetrics(name, options.MaxConcurrentReconciles);
    }

    public string Name => _name;

    /// <summary>How many keys are being reconciled now.</summary>
    public int Running => _queue.InProcess;

    /// <summary>Nothing waits and nothing runs; there may be delayed keys.</summary>
    public bool IsIdle => _queue.IsIdle;

    public void Enqueue(NamespacedName key) => _queue.Add(key, QueuePriority.Normal);

    public void EnqueueAfter(NamespacedName key, TimeSpan delay) => _queue.AddAfter(key, delay, QueuePriority.Normal);

    public void Enqueue(NamespacedName key, QueuePriority priority) => _queue.Add(key, priority);

    /// <summary>Adds keys that are looked at again at every resync.</summary>
    public void AddSource(Func<IEnumerable<NamespacedName>> keys) => _sources.Add(keys);

    /// <summary>
    /// Works until told to stop, then lets the reconciles at hand finish. What waits in the queue stays there: a
    /// process that goes away begins nothing new, and one that leads again goes on with it.
    /// </summary>
    /// <param name="stop">Begin nothing new, and end when what runs has ended.</param>
    /// <param name="abort">Cancel what runs. Its keys go back into the queue.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        var workers = Enumerable.Range(0, _options.MaxConcurrentReconciles).Select(_ => Task.Run(() => WorkAsync(stop, abort), CancellationToken.None));
        await Task.WhenAll([.. workers, ResyncAsync(stop)]);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _metrics.Dispose();
    }

    private async Task WorkAsync(CancellationToken stop, CancellationToken abort)
    {
        while (await TakeAsync(stop) is { } taken)
        {
            try
            {
                await ReconcileAsync(taken, abort);
            }
            finally
            {
                _queue.Done(taken.Key);
            }
        }
    }

    private async Task<TakenKey<NamespacedName>?> TakeAsync(CancellationToken stop)
    {
        try
        {
            return await _queue.TakeAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task ReconcileAsync(TakenKey<NamespacedName> taken, CancellationToken abort)
    {
        using var timeout = new CancellationTokenSource(_options.ReconcileTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, abort);
        var started = _time.GetTimestamp();
        _metrics.Began();
        try
        {
            var next = await _reconciler.ReconcileAsync(taken.Key, either.Token);
            Succeeded(taken, next);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            _queue.Add(taken.Key, taken.Priority);
        }
        catch (OperationCanceledException error) when (timeout.IsCancellationRequested)
        {
            Failed(taken, new TimeoutException($"The reconcile took longer than {_options.ReconcileTimeout}.", error));
        }
        catch (Exception error)
        {
            Failed(taken, error);
        }
        finally
        {
            _metrics.Ended(_time.GetElapsedTime(started), timeout.IsCancellationRequested);
        }
    }

    /// <summary>A key that asks to come back does so with the priority it had: what a resync brought up stays behind live events.</summary>
    private void Succeeded(TakenKey<NamespacedName> taken, Next next)
    {
        _metrics.Succeeded(next);
        _backoff.Forget(taken.Key);
        if (next.Delay is { } delay)
        {
            _queue.AddAfter(taken.Key, delay, taken.Priority);
        }
    }

    private void Failed(TakenKey<NamespacedName> taken, Exception error)
    {
        _metrics.Failed();
        var delay = _backoff.Fail(taken.Key);
        _observer.ReconcileFailed(_name, taken.Key, error, _backoff.Failures(taken.Key), delay);
        _queue.Retry(taken.Key, delay, taken.Priority);
    }

    private async Task ResyncAsync(CancellationToken stop)
    {
        if (_options.ResyncPeriod is not { } period)
        {
            return;
        }

        try
        {
            while (true)
            {
                await Task.Delay(period * (0.9 + (0.2 * _random.NextDouble())), _time, stop);
                foreach (var key in _sources.SelectMany(keys => keys()))
                {
                    _queue.Add(key, QueuePriority.Low);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
