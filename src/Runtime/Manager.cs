using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Runtime.Caching;

namespace Slipway.Runtime;

/// <summary>
/// Runs the caches and controllers of a process in the right order. Start: background work and caches, then, when all
/// caches are in sync, the workers. Stop: the workers drain, then the caches end, then the background work.
/// </summary>
public sealed class Manager : IDisposable
{
    private readonly KubeClient _client;
    private readonly ManagerOptions _options;
    private readonly RuntimeObserver _observer;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Dictionary<(Type, InformerScope), IInformer> _informers = [];
    private readonly List<Controller> _controllers = [];
    private readonly List<Func<CancellationToken, Task>> _background = [];
    private int _running;

    /// <param name="random">Source of all jitter. It is used here only, and under no lock: give the manager its own.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Manager(KubeClient client, ManagerOptions options, RuntimeObserver observer, TimeProvider time, Random random)
    {
        options.Validate();
        _client = client;
        _options = options;
        _observer = observer;
        _time = time;
        _random = random;
    }

    /// <summary>Whether every cache has its first list: the process is ready.</summary>
    public bool HasSynced => _informers.Values.All(informer => informer.HasSynced);

    /// <summary>The cache of a kind and scope; asked again, the same one.</summary>
    public Informer<T> Informer<T>(InformerScope scope)
        where T : class, IResource<T>
    {
        if (!_informers.TryGetValue((typeof(T), scope), out var informer))
        {
            RefuseWhileRunning();
            informer = new Informer<T>(_client, scope, _options.Reflector, _observer, _time, OwnRandom());
            _informers.Add((typeof(T), scope), informer);
        }

        return (Informer<T>)informer;
    }

    /// <summary>Adds a controller; what wakes it is said on the builder.</summary>
    /// <param name="name">Its name in metrics and reports; unique.</param>
    /// <param name="reconciler">What it does.</param>
    /// <param name="options">How it does it.</param>
    /// <exception cref="ArgumentException">The name is taken, or an option is out of range.</exception>
    public ControllerBuilder AddController(string name, IReconciler reconciler, ControllerOptions options)
    {
        RefuseWhileRunning();
        if (_controllers.Exists(other => other.Name == name))
        {
            throw new ArgumentException($"There is a controller {name} already: give each its own name.", nameof(name));
        }

        var controller = new Controller(name, reconciler, options, _observer, _time, OwnRandom());
        _controllers.Add(controller);
        return new ControllerBuilder(controller);
    }

    /// <summary>Adds work that accompanies the rest, for example <c>EventRecorder.RunAsync</c>: starts first, is cancelled last.</summary>
    public void AddBackground(Func<CancellationToken, Task> work)
    {
        RefuseWhileRunning();
        _background.Add(work);
    }

    /// <summary>Runs everything until cancelled, and returns when all of it has ended.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => RunAsync((work, token) => work(token), cancellationToken);

    /// <summary>
    /// As <see cref="RunAsync(CancellationToken)"/>, with the workers under a leader's lease while everything else
    /// runs at once, so that a standby keeps warm caches.
    /// </summary>
    /// <param name="lead">
    /// Calls the work it is given while this process leads, as often as it comes to lead, one call at a time, and cancels
    /// the call's token when it no longer does. When that happens without a request to stop, reconciles are cancelled at
    /// once instead of draining. It must await the work before it gives up the lease.
    /// </param>
    /// <param name="cancellationToken">Stops everything.</param>
    public async Task RunAsync(Func<Func<CancellationToken, Task>, CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1)
        {
            throw new InvalidOperationException("The manager is running already.");
        }

        try
        {
            await RunStagesAsync(lead, cancellationToken);
        }
        finally
        {
            Interlocked.Exchange(ref _running, 0);
        }
    }

    public void Dispose() => _controllers.ForEach(controller => controller.Dispose());

    private async Task RunStagesAsync(Func<Func<CancellationToken, Task>, CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var background = new Stage(_background);
        var caches = new Stage(_informers.Values.Select(informer => (Func<CancellationToken, Task>)informer.RunAsync));
        await using (background)
        await using (caches)
        {
            var workers = lead(token => WorkAsync(token, stop.Token), stop.Token);
            await Task.WhenAny(workers, background.Failed, caches.Failed);
            // Whoever ended first, whether asked to or not: the workers end next, and then, by disposal, the other stages.
            await stop.CancelAsync();
            await IgnoreStopAsync(workers, stop.Token);
        }
    }

    private async Task WorkAsync(CancellationToken leading, CancellationToken stop)
    {
        await IgnoreStopAsync(Task.WhenAll(_informers.Values.Select(informer => informer.WaitForSyncAsync(leading))), leading);
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        await using var report = abort.Token.Register(ReportUndrained);
        await using var bound = leading.Register(() => LimitDrain(abort, stop));
        await Task.WhenAll(_controllers.Select(controller => controller.RunAsync(leading, abort.Token)));
        // A process of caches only runs on, too.
        await IgnoreStopAsync(Task.Delay(Timeout.Infinite, leading), leading);
    }

    /// <summary>Asked to stop, reconciles may finish; without the lease, every further write could hit a successor's.</summary>
    private void LimitDrain(CancellationTokenSource abort, CancellationToken stop)
    {
        if (stop.IsCancellationRequested && _options.DrainTimeout > TimeSpan.Zero)
        {
            abort.CancelAfter(_options.DrainTimeout);
        }
        else
        {
            abort.Cancel();
        }
    }

    private void ReportUndrained()
    {
        foreach (var controller in _controllers.Where(controller => controller.Running > 0))
        {
            _observer.DrainTimedOut(controller.Name, controller.Running);
        }
    }

    private static async Task IgnoreStopAsync(Task task, CancellationToken stop)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private Random OwnRandom() => new(_random.Next());

    private void RefuseWhileRunning()
    {
        if (Volatile.Read(ref _running) == 1)
        {
            throw new InvalidOperationException("The manager is running: add informers and controllers before.");
        }
    }
}
