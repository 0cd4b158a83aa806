using Slipway.Testing.Cluster;
using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

public sealed class FakeServerTests : ClientConformance, IAsyncLifetime
{
    private FakeApiServer _server = null!;
    private KubeClient _client = null!;
    private ApiServer _wire = null!;

    protected override KubeClient Client => _client;

    protected override ApiServer Wire => _wire;

    protected override string Namespace => "shop";

    public async Task InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync();
        _client = _server.NewClient();
        _wire = _server.NewWire();
        _server.Store.Compact();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        _wire.Dispose();
        await _server.DisposeAsync();
    }
}
