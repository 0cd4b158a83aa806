using Slipway.Kubernetes;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Runtime.Tests.Conformance;

[Collection(ClusterCollection.Name)]
public sealed class RealServerTests(RuntimeCluster cluster) : InformerConformance, IAsyncLifetime
{
    private TestNamespace _namespace = null!;

    protected override KubeClient Client => cluster.Client;

    protected override string Namespace => _namespace.Name;

    public async Task InitializeAsync() => _namespace = await cluster.NewNamespaceAsync();

    public Task DisposeAsync() => _namespace.DisposeAsync().AsTask();

    protected override Task ForgetGadgetsAsync() => cluster.ForgetGadgetsAsync();
}
