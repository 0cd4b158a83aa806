using Slipway.Kubernetes;
using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Runtime.Tests.Conformance;

/// <summary>The fake server, in one of the ways of real ones.</summary>
public abstract class FakeServerTests(WatchListSupport support) : InformerConformance, IAsyncLifetime
{
    private FakeApiServer _server = null!;
    private KubeClient _client = null!;

    protected override KubeClient Client => _client;

    protected override string Namespace => "shop";

    public async Task InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync();
        _server.Faults.WatchList = support;
        _client = _server.NewClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    protected override Task ForgetGadgetsAsync()
    {
        _server.Store.Compact();
        return Task.CompletedTask;
    }
}

public sealed class FakeServerWithWatchListTests() : FakeServerTests(WatchListSupport.Supported);

public sealed class FakeServerRefusingWatchListTests() : FakeServerTests(WatchListSupport.Forbidden);

public sealed class FakeServerIgnoringWatchListTests() : FakeServerTests(WatchListSupport.Ignored);

public sealed class FakeServerOlderThanWatchListTests() : FakeServerTests(WatchListSupport.Unknown);
