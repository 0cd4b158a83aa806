using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Nodes;
using Slipway.Testing.Proxies;
using Slipway.Testing.Registry;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>What a class of tests shares: an operator process, a database of its own, and what stands around them.</summary>
public class OperatorWorld(LocalCluster cluster) : IAsyncLifetime
{
    private PostgresDatabase? _database;

    public LocalCluster Cluster { get; } = cluster;

    public FakeNode Node { get; private set; } = null!;

    public FakeRegistry Registry { get; private set; } = null!;

    public ApiProxy Proxy { get; private set; } = null!;

    public LedgerDatabase Ledger { get; private set; } = null!;

    /// <summary>In front of the operator's database.</summary>
    public TcpForwarder DatabasePort { get; private set; } = null!;

    public OperatorProcess Operator { get; private set; } = null!;

    /// <summary>Whether it runs before the first test begins.</summary>
    protected virtual bool StartsOperator => true;

    public async Task InitializeAsync()
    {
        Node = await FakeNode.StartAsync(Cluster.Server);
        Registry = await FakeRegistry.StartAsync();
        Proxy = await ApiProxy.StartAsync(Cluster.Server);
        _database = await PostgresDatabase.CreateAsync();
        Ledger = new LedgerDatabase(_database);
        DatabasePort = Ledger.NewForwarder();
        // Killed and started again all the time: it would wait for its own lease to expire each time.
        Operator = new OperatorProcess(Ledger.Through(DatabasePort), Proxy.KubeConfigPath, "--leader-elect", "false");
        if (StartsOperator)
        {
            await Operator.StartAsync();
        }
    }

    /// <summary>Namespace, stack and releases of one test. Pods are ready at once unless the behaviour says otherwise.</summary>
    public async Task<Scene> NewSceneAsync(Func<FakePod, PodBehaviour>? pods = null)
    {
        var scene = new Scene(this, await Cluster.NewNamespaceAsync());
        Node.Serve(scene.Namespace.Name, pods ?? (_ => PodBehaviour.Ready));
        return scene;
    }

    public async Task DisposeAsync()
    {
        await Operator.DisposeAsync();
        await Cluster.ClearAsync();
        await DatabasePort.DisposeAsync();
        await Proxy.DisposeAsync();
        await Registry.DisposeAsync();
        await Node.DisposeAsync();
        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}

/// <summary>The same, but each test starts the operator itself.</summary>
public sealed class OperatorWorldAtRest(LocalCluster cluster) : OperatorWorld(cluster)
{
    protected override bool StartsOperator => false;
}
