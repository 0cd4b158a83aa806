using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Runtime.Caching;

namespace Slipway.Runtime;

/// <summary>
/// Runs the caches and controllers of a process in the right order. Start: background work and caches, then, when this process
/// leads and all caches are in sync, the workers. Stop: the workers drain, then the caches end, then the background work, and
/// at last the lease is given back.
/// </summary>
public sealed class Manager : IDisposable
{
    private readonly KubeClient _client;
    private readonly ManagerOptions _options;
    private readonly RuntimeObserver _observer;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly StreamingSupport _streaming = new();
    private readonly OwnWrites _writes = new();
    private readonly IDisposable _subscription;
    private readonly Dictionary<(Type, InformerScope), IInformer> _informers = [];
    private readonly List<Controller> _controllers = [];
    private readonly List<Func<CancellationToken, Task>> _background = [];
    private readonly List<Func<CancellationToken, Task>> _leaderWork = [];
    private readonly List<Func<CancellationToken, Task>> _leaderStart = [];
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
        _subscription = client.Subscribe(_writes);
    }

    /// <summary>Whether every cache has its first list: the process is ready.</summary>
    public bool HasSynced => _informers.Values.All(informer => informer.HasSynced);

    /// <summary>The cache of a kind and scope; asked again, the same one. It shows what the manager's client writes as soon as the write returns.</summary>
    /// <exception cref="ArgumentException">The scope's label selector cannot be understood.</exception>
    public Informer<T> Informer<T>(InformerScope scope)
        where T : class, IResource<T>
    {
        if (!_informers.TryGetValue((typeof(T), scope), out var informer))
        {
            RefuseWhileRunning();
            informer = new Informer<T>(_client, scope, _options.Reflector, _streaming, _observer, _time, OwnRandom());
            _informers.Add((typeof(T), scope), informer);
            _writes.Add(informer);
        }

        return (Informer<T>)informer;
    }

    /// <summary>The cache of a kind in several namespaces; in all of them, when none is named.</summary>
    /// <exception cref="ArgumentException">The label selector cannot be understood.</exception>
    public ICache<T> Cache<T>(IReadOnlyList<string> namespaces, InformerScope scope)
        where T : class, IResource<T> =>
        namespaces.Count == 0
            ? Informer<T>(scope)
            : new NamespacedCache<T>(namespaces.Distinct().ToDictionary(name => name, name => Informer<T>(scope with { Namespace = name })));

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

    /// <summary>Adds what the leader does first: its workers begin when this has ended.</summary>
    /// <param name="start">Is cancelled when this process is told to stop or no longer leads.</param>
    public void AddLeaderStart(Func<CancellationToken, Task> start)
    {
        RefuseWhileRunning();
        _leaderStart.Add(start);
    }

    /// <summary>Adds work that only the leader does, side by side with its reconciles.</summary>
    /// <param name="work">Is cancelled when this process is told to stop or no longer leads, and must then end at once.</param>
    public void AddLeaderWork(Func<CancellationToken, Task> work)
    {
        RefuseWhileRunning();
        _leaderWork.Add(work);
    }

    /// <summary>Runs everything until cancelled, and returns when all of it has ended.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        RunAsync((work, token) => work(token, CancellationToken.None), cancellationToken);

    /// <summary>
    /// As <see cref="RunAsync(CancellationToken)"/>, with workers and leader's work only while this process leads. Everything else
    /// runs at once, so that a standby keeps warm caches. Asked to stop, reconciles may finish, and only then somebody
    /// else leads; when the lease is lost they are cancelled at once.
    /// </summary>
    /// <exception cref="Kubernetes.Leases.LeaseLostException">The lease was lost: the process should end.</exception>
    public Task RunAsync(LeaderElection election, CancellationToken cancellationToken) => RunAsync(election.RunAsync, cancellationToken);

    /// <param name="lead">
    /// Calls the work it is given when this process leads, with a token that ends it and one that says that the lease is lost; and
    /// awaits it before it gives up the lease.
    /// </param>
    internal async Task RunAsync(
        Func<Func<CancellationToken, CancellationToken, Task>, CancellationToken, Task> lead, CancellationToken cancellationToken)
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

    public void Dispose()
    {
        _subscription.Dispose();
        _controllers.ForEach(controller => controller.Dispose());
    }

    private async Task RunStagesAsync(
        Func<Func<CancellationToken, CancellationToken, Task>, CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var background = new Stage(_background);
        var caches = new Stage(_informers.Values.Select(informer => (Func<CancellationToken, Task>)informer.RunAsync));
        await using (background)
        await using (caches)
        {
            var leading = lead(LeadAsync, stop.Token);
            await Task.WhenAny(leading, background.Failed, caches.Failed);
            // Whoever ended first, whether asked to or not: the workers end next, and then, by disposal, the other stages.
            await stop.CancelAsync();
            await IgnoreStopAsync(leading, stop.Token);
        }

        async Task LeadAsync(CancellationToken ending, CancellationToken lost)
        {
            await WorkAsync(ending, lost, stop);
            // Within the lease: whoever leads next finds nothing of this process still running.
            await caches.DisposeAsync();
            await background.DisposeAsync();
        }
    }

    private async Task WorkAsync(CancellationToken ending, CancellationToken lost, CancellationTokenSource stop)
    {
        await IgnoreStopAsync(Task.WhenAll(_informers.Values.Select(informer => informer.WaitForSyncAsync(ending))), ending);
        await IgnoreStopAsync(Task.WhenAll(_leaderStart.Select(start => start(ending))), ending);
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        await using var report = abort.Token.Register(ReportUndrained);
        await using var drain = ending.Register(() => LimitDrain(abort));
        // Without the lease, every further write could hit a successor's.
        await using var halt = lost.Register(abort.Cancel);
        var leaderWork = new Stage(_leaderWork);
        var controllers = Task.WhenAll(_controllers.Select(controller => controller.RunAsync(ending, abort.Token)));
        // A process of caches only runs on, too.
        await Task.WhenAny(UntilAsync(ending), leaderWork.Failed);
        await stop.CancelAsync();
        try
        {
            await leaderWork.DisposeAsync();
        }
        finally
        {
            await controllers;
        }
    }

    private static Task UntilAsync(CancellationToken end) => IgnoreStopAsync(Task.Delay(Timeout.Infinite, end), end);

    private void LimitDrain(CancellationTokenSource abort)
    {
        if (_options.DrainTimeout > TimeSpan.Zero)
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
