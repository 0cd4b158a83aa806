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
        return
        [
            new Section($"Cold start with {scale.Objects:N0} releases",
            [
                .. await MeasureAsync(fake.Server, scale, "list in one piece", scale.Objects),
                .. await MeasureAsync(fake.Server, scale, "list in pages", new ReflectorOptions().PageSize),
            ]),
        ];
    }

    private static async Task<IEnumerable<Comparison>> MeasureAsync(Server server, Scale scale, string how, int pageSize)
    {
        var (syncs, downloads) = (new Samples(), new Samples());
        var (bytes, peak, allocated) = (0.0, 0.0, 0.0);
        for (var round = -1; round < scale.Rounds; round++)
        {
            var begin = Stopwatch.GetTimestamp();
            bytes = await Download.RunAsync(server, pageSize);
            var downloaded = Stopwatch.GetTimestamp();
            (peak, allocated) = await SyncAsync(server, scale.Objects, pageSize, round < 0 ? new Samples() : syncs);
            if (round >= 0)
            {
                downloads.Add(begin, downloaded);
            }
        }

        return
        [
            new($"{how}: until in sync", Quantity.Time(syncs.Median), "download only", Quantity.Time(downloads.Median)),
            new($"{how}: most memory at once", Quantity.Bytes(peak), "bytes on the wire", Quantity.Bytes(bytes)),
            new($"{how}: allocated", Quantity.Bytes(allocated), "bytes on the wire", Quantity.Bytes(bytes)),
        ];
    }

    private static async Task<(double Peak, double Allocated)> SyncAsync(Server server, int objects, int pageSize, Samples samples)
    {
        using var heap = new PeakHeap();
        using var stop = new CancellationTokenSource();
        using var client = server.NewClient();
        var begin = Stopwatch.GetTimestamp();
        var informer = new Informer<Deployment>(
            client, InformerScope.All, new ReflectorOptions { PageSize = pageSize }, new QuietObserver(), TimeProvider.System, new Random(1));
        var running = informer.RunAsync(stop.Token);
        await informer.WaitForSyncAsync(CancellationToken.None);
        samples.Add(begin, Stopwatch.GetTimestamp());
        var measured = heap.Stop();
        await stop.CancelAsync();
        await running;
        return informer.Store.Count == objects ? measured : throw new InvalidDataException($"Only {informer.Store.Count} of {objects} arrived.");
    }

    private sealed class QuietObserver : RuntimeObserver;
}
