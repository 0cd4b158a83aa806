namespace Slipway.Kubernetes.Tests.Leases.Simulation;

/// <summary>
/// A process of a virtual world: one thread, a clock that may run fast or slow and show any date, and the ability to be paused
/// (as by SIGSTOP: its clock goes on) or killed between any two steps. Code started with <see cref="Start"/> stays in it as long as it
/// only awaits.
/// </summary>
internal sealed class SimulatedProcess : SynchronizationContext
{
    private readonly VirtualWorld _world;
    private readonly Queue<Action> _steps = new();
    private bool _scheduled;

    public SimulatedProcess(VirtualWorld world, string name, double rate, TimeSpan offset)
    {
        (_world, Name) = (world, name);
        Clock = new SimulatedClock(world, this, rate, offset);
    }

    public string Name { get; }

    public SimulatedClock Clock { get; }

    public bool IsPaused { get; private set; }

    public bool IsDead { get; private set; }

    public bool IsRunning => !IsPaused && !IsDead;

    public void Start(Func<Task> main) => Enqueue(() => _ = main());

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        Schedule();
    }

    public void Kill()
    {
        IsDead = true;
        _steps.Clear();
    }

    public override void Post(SendOrPostCallback callback, object? state) => Enqueue(() => callback(state));

    public override void Send(SendOrPostCallback callback, object? state) => throw new NotSupportedException("Nobody waits in here.");

    public void Enqueue(Action step)
    {
        if (!IsDead)
        {
            _steps.Enqueue(step);
            Schedule();
        }
    }

    /// <summary>A step a moment later: between two steps anything may happen to the process.</summary>
    private void Schedule()
    {
        if (!_scheduled && _steps.Count > 0 && IsRunning)
        {
            _scheduled = true;
            _world.After(_world.Between(0, 0.001), Step);
        }
    }

    private void Step()
    {
        _scheduled = false;
        if (!IsRunning || !_steps.TryDequeue(out var step))
        {
            return;
        }

        SetSynchronizationContext(this);
        try
        {
            step();
        }
        finally
        {
            SetSynchronizationContext(null);
        }

        Schedule();
    }
}
