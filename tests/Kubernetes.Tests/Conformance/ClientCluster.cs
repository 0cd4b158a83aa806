using Slipway.Kubernetes.Config;
using Slipway.Testing.Cluster;

namespace Slipway.Kubernetes.Tests.Conformance;

/// <summary>A real server that knows the tests' own kind.</summary>
public sealed class ClientCluster : LocalCluster
{
    public KubeClient Client { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await new TestKind("Widget", "widgets").DefineAsync(Server);
        Client = new KubeClient(KubeConfig.Load(new KubeConfigSource { Path = KubeConfigPath }), new KubeClientOptions());
    }

    public override async Task DisposeAsync()
    {
        Client?.Dispose();
        await base.DisposeAsync();
    }
}
