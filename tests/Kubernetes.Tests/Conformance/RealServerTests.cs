using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

public sealed class RealServerTests(ClientCluster cluster) : ClientConformance, IClassFixture<ClientCluster>, IAsyncLifetime
{
    private TestNamespace _namespace = null!;

    protected override KubeClient Client => cluster.Client;

    protected override ApiServer Wire => cluster.Server;

    protected override string Namespace => _namespace.Name;

    public async Task InitializeAsync() => _namespace = await cluster.NewNamespaceAsync();

    public Task DisposeAsync() => _namespace.DisposeAsync().AsTask();
}
