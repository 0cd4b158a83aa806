using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Results;
using Slipway.Benchmarks.Servers;

namespace Slipway.Benchmarks.Latency;

internal sealed class LatencySuite : ISuite
{
    public string Name => "latency";

    public async Task<IReadOnlyList<Section>> RunAsync(Scale scale)
    {
        var latencies = new List<Comparison>();
        await using (var fake = await FakeServerProcess.StartAsync(releases: 0))
        {
            latencies.AddRange(await MeasureAsync(fake.Server, scale));
        }

        if (scale.RealServer)
        {
            await using var real = new RealCluster();
            latencies.AddRange(await MeasureAsync(await real.StartAsync(), scale));
        }

        return
        [
            new Section("From the creation of an object to its reconcile", latencies),
            new Section("Reconciles that do nothing, keys waiting", [.. await ThroughputAsync(scale, 1), .. await ThroughputAsync(scale, 8)]),
        ];
    }

    private static async Task<IEnumerable<Comparison>> MeasureAsync(Server server, Scale scale)
    {
        var (runtime, bare) = await new LatencyMeasurement(server, scale).RunAsync();
        return ((double[])[0.5, 0.99]).Select(share => new Comparison(
            $"{server.Name}: p{share * 100:F0}",
            Quantity.Time(runtime.Percentile(share)),
            "its line on a bare watch",
            Quantity.Time(bare.Percentile(share))));
    }

    private static async Task<IEnumerable<Comparison>> ThroughputAsync(Scale scale, int workers)
    {
        const string Beside = "tasks reading a channel";
        var (controller, channel) = await new ThroughputMeasurement(scale, workers).RunAsync();
        var what = workers == 1 ? "1 worker" : $"{workers} workers";
        return
        [
            new($"{what}: reconciles", Quantity.PerSecond(controller.PerSecond), Beside, Quantity.PerSecond(channel.PerSecond)),
            new($"{what}: allocated each", Quantity.Bytes(controller.Allocated), Beside, Quantity.Bytes(channel.Allocated)),
        ];
    }
}
