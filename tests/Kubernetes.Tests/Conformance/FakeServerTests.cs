using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Kubernetes.Tests.Conformance;

public sealed class FakeServerTests : ClientConformance, IAsyncLifetime
{
    private FakeApiServer _server = null!;
    private KubeClient _client = null!;

    protected override KubeClient Client => _client;

    protected override string Namespace => "shop";

    public async Task InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync();
        _client = _server.NewClient();
        _server.Store.Compact();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }
}
