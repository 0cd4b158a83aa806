using Slipway.Testing;
using Slipway.Testing.Proxies;

namespace Slipway.Operator.Tests.Integration;

/// <summary>An operator with credentials of its own, and a network to the API server that can be taken away.</summary>
public sealed class OutageWorld(OutageCluster cluster) : OperatorWorld(cluster)
{
    public OperatorAccess Access { get; private set; } = null!;

    /// <summary>Between the operator, and nobody else, and the API server.</summary>
    public TcpForwarder Network { get; private set; } = null!;

    /// <summary>Each test has an operator of its own: after many failures it is patient, and so would be the next test.</summary>
    protected override bool StartsOperator => false;

    /// <summary>A lease that outlasts an outage: one that does not would rightly end the operator.</summary>
    protected override IReadOnlyList<string> Options => ["--lease-duration", "150s", "--lease-renew-deadline", "120s", .. BuildOptions];

    /// <summary>Breaks the operator's connections, so that it has to prove everything anew.</summary>
    public async Task ResetConnectionsAsync()
    {
        await Network.StopAsync();
        Network.Start();
    }

    /// <summary>Waits until the operator says so, from that length of its log on.</summary>
    public Task HearAsync(string words, int from) => Eventually.See(
        $"the operator says: {words}", () => Operator.Log.IndexOf(words, from, StringComparison.OrdinalIgnoreCase) >= 0, () => Operator.Log);

    protected override async Task<string> ConnectAsync()
    {
        Network = new TcpForwarder(Cluster.Server.Address.Host, Cluster.Server.Address.Port);
        Access = await OperatorAccess.CreateAsync((OutageCluster)Cluster, Network.Port);
        return Access.KubeConfigPath;
    }

    protected override async ValueTask DisconnectAsync()
    {
        await Network.DisposeAsync();
        await Access.DisposeAsync();
    }
}
