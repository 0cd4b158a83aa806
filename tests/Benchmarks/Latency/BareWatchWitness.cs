using System.Text.Json.Nodes;
using Slipway.Benchmarks.Servers;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;

namespace Slipway.Benchmarks.Latency;

/// <summary>
/// Sees an object when its bytes arrive, with nothing but an HTTP client: no parsing, no cache, no queue. Nobody can be
/// earlier, so what others need more is their own cost.
/// </summary>
internal sealed class BareWatchWitness : IWitness
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    private BareWatchWitness(Server server, string path) => _reading = ReadAsync(server, path);

    public Sighting Sighting { get; } = new();

    public static Task<IWitness> StartAsync(Server server) => StartAsync(server, Deployment.Type);

    /// <summary>Of any kind, in the server's namespace.</summary>
    public static async Task<IWitness> StartAsync(Server server, ResourceType type)
    {
        var path = server.PathOf(type);
        using var list = await server.OpenAsync($"{path}?limit=1", CancellationToken.None);
        var version = JsonNode.Parse(await list.Content.ReadAsStringAsync())!["metadata"]!["resourceVersion"];
        return new BareWatchWitness(server, $"{path}?watch=true&resourceVersion={version}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>A server may hold back the headers until there is an event, so nobody waits for them.</summary>
    private async Task ReadAsync(Server server, string path)
    {
        using var response = await server.OpenAsync(path, _stop.Token);
        await using var body = await response.Content.ReadAsStreamAsync(_stop.Token);
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (await body.ReadAsync(buffer.AsMemory(length), _stop.Token) is > 0 and var read)
        {
            length += read;
            var end = buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            Sighting.See(buffer.AsSpan(0, end));
            buffer.AsSpan(end, length - end).CopyTo(buffer);
            length -= end;
        }
    }
}
