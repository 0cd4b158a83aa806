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
    /// <summary>Path of the lease that operators contend for.</summary>
    public const string LeasePath = "/apis/coordination.k8s.io/v1/namespaces/slipway-system/leases/slipway-operator";

    private PostgresDatabase? _database;

    public LocalCluster Cluster { get; } = cluster;

    public FakeNode Node { get; private set; } = null!;

    public FakeRegistry Registry { get; private set; } = null!;

    public ApiProxy Proxy { get; protected set; } = null!;

    public LedgerDatabase Ledger { get; private set; } = null!;

    /// <summary>In front of the operator's database.</summary>
    public TcpForwarder DatabasePort { get; private set; } = null!;

    public OperatorProcess Operator { get; private set; } = null!;

    /// <summary>Whether it runs before the first test begins.</summary>
    protected virtual bool StartsOperator => true;

    /// <summary>More options of the operator. It is killed and started all the time, and would wait for its own lease to expire each time.</summary>
    protected virtual IReadOnlyList<string> Options => ["--leader-elect", "false", .. BuildOptions];

    /// <summary>Images are built by an image that only the fake node knows, and go to the fake registry.</summary>
    public IReadOnlyList<string> BuildOptions => ["--builder-image", "registry.example/builder:1", "--registry", Registry.Host];

    public virtual async Task InitializeAsync()
    {
        Node = await FakeNode.StartAsync(Cluster.Server);
        Registry = await FakeRegistry.StartAsync();
        var kubeConfig = await ConnectAsync();
        _database = await PostgresDatabase.CreateAsync();
        Ledger = new LedgerDatabase(_database);
        DatabasePort = Ledger.NewForwarder();
        Operator = new OperatorProcess(ConnectLedger(), kubeConfig, Options);
        if (StartsOperator)
        {
            await Operator.StartAsync();
        }
    }

    /// <summary>Namespace, stack and releases of one test. Pods are ready at once unless the behaviour says otherwise.</summary>
    public async Task<Scene> NewSceneAsync(Func<FakePod, PodBehaviour>? pods = null)
    {
        await Midnight.KeepAwayAsync();
        var scene = new Scene(this, await Cluster.NewNamespaceAsync());
        Node.Serve(scene.Namespace.Name, pods ?? (_ => PodBehaviour.Ready));
        return scene;
    }

    /// <summary>Makes the operator's way to the API server, and returns the kubeconfig that leads there.</summary>
    protected virtual async Task<string> ConnectAsync()
    {
        Proxy = await ApiProxy.StartAsync(Cluster.Server);
        return Proxy.KubeConfigPath;
    }

    /// <summary>Makes the operator's way to the ledger, and returns the address that leads there.</summary>
    protected virtual string ConnectLedger() => Ledger.Through(DatabasePort);

    protected virtual ValueTask DisconnectAsync() => Proxy.DisposeAsync();

    public virtual async Task DisposeAsync()
    {
        await Operator.DisposeAsync();
        await Cluster.ClearAsync();
        await DatabasePort.DisposeAsync();
        await DisconnectAsync();
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
