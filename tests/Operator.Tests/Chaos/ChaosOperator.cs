using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Proxies;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>
/// An operator that acts without asking for a lease, with ways of its own to the API server and the database. With two of them a
/// cluster has a split brain for good.
/// </summary>
public sealed class ChaosOperator : IAsyncDisposable
{
    private readonly TcpForwarder _database;
    private readonly OperatorProcess _process;
    private readonly Queue<Gate> _heldWrites = new();
    private bool _paused;

    private ChaosOperator(OperatorWorld world, ApiProxy proxy)
    {
        Proxy = proxy;
        _database = world.Ledger.NewForwarder();
        _process = new OperatorProcess(
            world.Ledger.Through(_database), proxy.KubeConfigPath, ["--leader-elect", "false", .. world.BuildOptions]);
    }

    public ApiProxy Proxy { get; }

    public string Log => _process.Log;

    /// <param name="world">Where it works.</param>
    /// <param name="prepare">What is to be ready before its first request.</param>
    public static async Task<ChaosOperator> StartAsync(OperatorWorld world, Action<ApiProxy>? prepare = null)
    {
        var one = new ChaosOperator(world, await ApiProxy.StartAsync(world.Cluster.Server));
        prepare?.Invoke(one.Proxy);
        await one._process.StartAsync();
        return one;
    }

    public async Task KillAsync()
    {
        if (_process.IsRunning)
        {
            await _process.KillAsync();
        }

        _paused = false;
    }

    /// <summary>Starts it if it does not run, and does not wait for anything.</summary>
    public void Start()
    {
        if (!_process.IsRunning)
        {
            _process.Launch();
        }
    }

    /// <summary>It stands still in the middle of whatever it does, its connections and locks in its hands.</summary>
    public void Pause()
    {
        if (_process.IsRunning && !_paused)
        {
            _process.Pause();
            _paused = true;
        }
    }

    public void Resume()
    {
        if (_paused)
        {
            _process.Resume();
            _paused = false;
        }
    }

    /// <summary>Its next apply of a workload waits on its way; whatever it was decided from grows old.</summary>
    public void HoldWrite()
    {
        var gate = new Gate();
        _heldWrites.Enqueue(gate);
        _ = Proxy.OnFirst(
            request => request.Method == "PATCH" && request.Path.StartsWith("/apis/apps/v1/", StringComparison.Ordinal),
            async exchange =>
            {
                await gate.Opened;
                await exchange.ForwardAsync();
            });
    }

    /// <summary>What was held arrives.</summary>
    public void ReleaseWrites()
    {
        while (_heldWrites.TryDequeue(out var gate))
        {
            gate.Open();
        }
    }

    /// <summary>Resets its connections to the database; new ones work.</summary>
    public async Task CutDatabaseAsync()
    {
        await _database.StopAsync();
        _database.Start();
    }

    /// <summary>Ends whatever stands in its way, and waits until it is at work.</summary>
    public async Task CalmAsync()
    {
        Resume();
        Proxy.ReleaseWatches();
        ReleaseWrites();
        Start();
        await Eventually.See("operator ready", _process.IsReadyAsync, ready => ready, () => Log);
    }

    public async ValueTask DisposeAsync()
    {
        ReleaseWrites();
        await _process.DisposeAsync();
        await _database.DisposeAsync();
        await Proxy.DisposeAsync();
    }
}
