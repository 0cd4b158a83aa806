using System.Collections.Concurrent;
using System.Net;
using Slipway.Testing.Cluster;
using Slipway.Testing.Nodes;
using Slipway.Testing.Proxies;

namespace Slipway.Operator.Tests.Integration;

/// <summary>
/// An operator that is restricted to two namespaces, and has a third one beside it. Its home is a namespace of its own, where its Lease
/// is and its keys are. Each test starts it.
/// </summary>
public sealed class RestrictedWorld(LocalCluster cluster) : OperatorWorld(cluster)
{
    private readonly ConcurrentQueue<string> _refused = new();
    private TestNamespace _home = null!;

    /// <summary>The one that works in them.</summary>
    public RestrictedAccess Access { get; private set; } = null!;

    public TestNamespace First { get; private set; } = null!;

    public TestNamespace Second { get; private set; } = null!;

    /// <summary>Where it has no business.</summary>
    public TestNamespace Third { get; private set; } = null!;

    /// <summary>What it asked for and may not, since it was last started.</summary>
    public IReadOnlyList<string> Refused => [.. _refused];

    public Task StartAsync()
    {
        _refused.Clear();
        return Operator.StartAsync();
    }

    protected override bool StartsOperator => false;

    protected override IReadOnlyList<string> Options =>
    [
        .. BuildOptions, .. RestrictedTo(_home, First.Name, Second.Name), "--env-keys-file", "", "--vanished-after", "2s",
    ];

    /// <summary>Options of an operator of these namespaces.</summary>
    public static IReadOnlyList<string> RestrictedTo(TestNamespace home, params string[] namespaces) =>
    [
        "--watch-namespaces", string.Join(',', namespaces), "--lease-namespace", home.Name,
        "--lease-duration", "12s", "--lease-renew-deadline", "10s", "--lease-retry-period", "1s",
    ];

    public override async Task InitializeAsync()
    {
        (_home, First) = (await Cluster.NewNamespaceAsync(), await Cluster.NewNamespaceAsync());
        (Second, Third) = (await Cluster.NewNamespaceAsync(), await Cluster.NewNamespaceAsync());
        await base.InitializeAsync();
    }

    /// <summary>One of its namespaces, or the third one. Its pods are ready at once, but for those of an image "broken".</summary>
    public Scene SceneIn(TestNamespace place)
    {
        Node.Serve(place.Name, pod => pod.Image.Contains("/broken", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready);
        return new Scene(this, place);
    }

    protected override async Task<string> ConnectAsync()
    {
        Access = await RestrictedAccess.CreateAsync(Cluster.Server, _home.Name, First.Name, Second.Name);
        Proxy = await ApiProxy.StartAsync(Cluster.Server, Access.Account);
        Proxy.OnEvery(exchange => exchange.ForwardAsync(code =>
        {
            if (code == HttpStatusCode.Forbidden)
            {
                _refused.Enqueue($"{exchange.Request.Method} {exchange.Request.Path}");
            }

            return Task.FromResult(true);
        }));
        return Proxy.KubeConfigPath;
    }

    protected override async ValueTask DisconnectAsync()
    {
        await Access.DisposeAsync();
        await base.DisconnectAsync();
    }
}
