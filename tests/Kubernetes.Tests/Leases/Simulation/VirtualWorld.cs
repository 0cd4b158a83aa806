namespace Slipway.Kubernetes.Tests.Leases.Simulation;

/// <summary>
/// A time of its own, in which things happen one after the other: everything that anybody does is an action at a moment. The same
/// seed gives the same history.
/// </summary>
internal sealed class VirtualWorld(int seed)
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _actions = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;

    /// <summary>Steps that came from another thread: code that left its process, and history that is not repeatable.</summary>
    public List<string> Escapes { get; } = [];

    public Random Random { get; } = new(seed);

    public TimeSpan Now { get; private set; }

    /// <summary>Called after every action: what must hold at all times.</summary>
    public Action? Check { get; set; }

    public void After(TimeSpan delay, Action action)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            lock (Escapes)
            {
                Escapes.Add(Environment.StackTrace);
            }
        }

        _actions.Enqueue(action, (Now + (delay < TimeSpan.Zero ? TimeSpan.Zero : delay), _order++));
    }

    public void RunUntil(TimeSpan end)
    {
        while (_actions.TryPeek(out _, out var next) && next.At <= end)
        {
            Now = next.At;
            _actions.Dequeue()();
            Check?.Invoke();
        }

        Now = end;
    }

    public TimeSpan Between(double fromSeconds, double toSeconds) =>
        TimeSpan.FromSeconds(fromSeconds + ((toSeconds - fromSeconds) * Random.NextDouble()));

    public bool Chance(double probability) => Random.NextDouble() < probability;
}
