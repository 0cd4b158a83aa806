using System.Diagnostics;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Results;
using Slipway.Benchmarks.Servers;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Runtime;
using Slipway.Runtime.Caching;

namespace Slipway.Benchmarks.Caching;

/// <summary>How long a cache takes from nothing until it is in sync, and how much memory on the way.</summary>
internal sealed class ColdStartSuite : ISuite
{
    public string Name => "cold-start";

    public async Task<IReadOnlyList<Section>> RunAsync(Scale scale)
    {
        await using var fake = await FakeServerProcess.StartAsync(scale.Objects);
        var rows = new List<Comparison>();
        foreach (var way in Ways(scale))
        {
            rows.AddRange(await MeasureAsync(fake.Server, scale, way));
        }

        return [new Section($"Cold start with {scale.Objects:N0} releases", rows)];
    }

    private static IEnumerable<Way> Ways(Scale scale)
    {
        var pages = new ReflectorOptions { StreamingList = false };
        var piece = pages with { PageSize = scale.Objects };
        return
        [
            new("list in one piece", piece, server => Download.ListAsync(server, piece.PageSize)),
            new("list in pages", pages, server => Download.ListAsync(server, pages.PageSize)),
            new("streamed (WatchList)", new ReflectorOptions(), Download.StreamAsync),
        ];
    }

    private static async Task<IEnumerable<Comparison>> MeasureAsync(Server server, Scale scale, Way way)
    {
        var (syncs, downloads) = (new Samples(), new Samples());
        var (bytes, peak, allocated) = (0.0, 0.0, 0.0);
        for (var round = -1; round < scale.Rounds; round++)
        {
            var begin = Stopwatch.GetTimestamp();
            bytes = await way.DownloadAsync(server);
            var downloaded = Stopwatch.GetTimestamp();
            (peak, allocated) = await SyncAsync(server, scale.Objects, way.Options, round < 0 ? new Samples() : syncs);
            if (round >= 0)
            {
                downloads.Add(begin, downloaded);
            }
        }

        return
        [
            new($"{way.Name}: until in sync", Quantity.Time(syncs.Median), "download only", Quantity.Time(downloads.Median)),
            new($"{way.Name}: most memory at once", Quantity.Bytes(peak), "bytes on the wire", Quantity.Bytes(bytes)),
            new($"{way.Name}: allocated", Quantity.Bytes(allocated), "bytes on the wire", Quantity.Bytes(bytes)),
        ];
    }

    private static async Task<(double Peak, double Allocated)> SyncAsync(Server server, int objects, ReflectorOptions options, Samples samples)
    {
        using var heap = new PeakHeap();
        using var stop = new CancellationTokenSource();
        using var client = server.NewClient();
        var begin = Stopwatch.GetTimestamp();
        var informer = new Informer<Deployment>(
            client, InformerScope.All, options, new QuietObserver(), TimeProvider.System, new Random(1));
        var running = informer.RunAsync(stop.Token);
        await informer.WaitForSyncAsync(CancellationToken.None);
        samples.Add(begin, Stopwatch.GetTimestamp());
        var measured = heap.Stop();
        await stop.CancelAsync();
        await running;
        return informer.Store.Count == objects ? measured : throw new InvalidDataException($"Only {informer.Store.Count} of {objects} arrived.");
    }

    /// <summary>One way to take the state in.</summary>
    /// <param name="Name">What the report calls it.</param>
    /// <param name="Options">What makes a cache do it so.</param>
    /// <param name="DownloadAsync">The same requests, answered into nothing: how many bytes.</param>
    private sealed record Way(string Name, ReflectorOptions Options, Func<Server, Task<long>> DownloadAsync);

    private sealed class QuietObserver : RuntimeObserver;
}
