using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Slipway.Benchmarks.Latency;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Servers;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Resources;

namespace Slipway.Benchmarks.Leases;

/// <summary>
/// The least that a hand-over needs: one write, its event on a watch, another write. Without a look at what is written, a
/// condition on it, or anything of ours between.
/// </summary>
internal sealed class PatchRelay : IAsyncDisposable
{
    private const string Name = "by-hand";

    private readonly Server _server;
    private readonly IWitness _witness;
    private int _passed;

    private PatchRelay(Server server, IWitness witness) => (_server, _witness) = (server, witness);

    public static async Task<PatchRelay> StartAsync(Server server)
    {
        using var client = server.NewClient();
        var metadata = new ObjectMeta { Namespace = server.Namespace, Name = Name };
        await client.CreateAsync(new V1Lease { Metadata = metadata, Spec = new V1LeaseSpec { HolderIdentity = "a" } }, CancellationToken.None);
        return new PatchRelay(server, await BareWatchWitness.StartAsync(server, V1Lease.Type));
    }

    /// <summary>From before the first write is sent until the second is answered.</summary>
    public async Task PassAsync(Samples samples)
    {
        var free = $"free-{++_passed:d6}";
        var seen = _witness.Sighting.ExpectAsync(free);
        var given = Stopwatch.GetTimestamp();
        var giving = WriteAsync(free);
        await seen.WaitAsync(TimeSpan.FromSeconds(30));
        await WriteAsync($"taken-{_passed:d6}");
        samples.Add(given, Stopwatch.GetTimestamp());
        await giving;
    }

    public ValueTask DisposeAsync() => _witness.DisposeAsync();

    private async Task WriteAsync(string holder)
    {
        var patch = $$"""[{"op":"add","path":"/spec/holderIdentity","value":"{{holder}}"}]""";
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(_server.Config.Server, $"{_server.PathOf(V1Lease.Type)}/{Name}"))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(patch)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json-patch+json") } },
        };
        using var response = await _server.SendAsync(request, CancellationToken.None);
        await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
    }
}
