using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Config;

namespace Slipway.Runtime.Tests;

/// <summary>
/// An API server that says what the test tells it to, request by request, over real HTTP: the test takes each request as
/// it arrives and answers it.
/// </summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Channel<Exchange> _arrived = Channel.CreateUnbounded<Exchange>();
    private readonly List<KubeClient> _clients = [];
    private Uri? _address;

    private ScriptedApi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var exchange = new Exchange(context, await reader.ReadToEndAsync());
            await _arrived.Writer.WriteAsync(exchange);
            await exchange.Ended;
        });
    }

    public static async Task<ScriptedApi> StartAsync()
    {
        var api = new ScriptedApi();
        await api._application.StartAsync();
        var addresses = api._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        api._address = new Uri(addresses!.Addresses.First());
        return api;
    }

    public KubeClient Client(TimeProvider time)
    {
        var client = new KubeClient(new KubeConfig { Server = _address!, BypassProxy = true }, new KubeClientOptions { Time = time });
        _clients.Add(client);
        return client;
    }

    /// <summary>The next request, once it is there.</summary>
    public async Task<Exchange> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _arrived.Reader.ReadAsync(patience.Token);
    }

    public async Task<Exchange> NextListAsync()
    {
        var exchange = await NextAsync();
        exchange.IsWatch.ShouldBeFalse($"{exchange} should be a list");
        return exchange;
    }

    public async Task<Exchange> NextWatchAsync()
    {
        var exchange = await NextAsync();
        exchange.IsWatch.ShouldBeTrue($"{exchange} should be a watch");
        return exchange;
    }

    /// <summary>Whether a request is there that nobody has taken.</summary>
    public bool HasMore => _arrived.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _application.DisposeAsync();
    }
}
