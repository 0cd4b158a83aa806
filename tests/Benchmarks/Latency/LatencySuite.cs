using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Results;
using Slipway.Benchmarks.Servers;

namespace Slipway.Benchmarks.Latency;

internal sealed class LatencySuite : ISuite
{
    public string Name => "latency";

    public async Task<IReadOnlyList<Section>> RunAsync(Scale scale) =>
    [
        new Section("From the creation of an object to its reconcile", await EveryServer.MeasureAsync(scale, server => MeasureAsync(server, scale))),
        new Section("Reconciles that do nothing, keys waiting", [.. await ThroughputAsync(scale, 1), .. await ThroughputAsync(scale, 8)]),
    ];

    private static async Task<IEnumerable<Comparison>> MeasureAsync(Server server, Scale scale)
    {
        var (runtime, bare) = await new LatencyMeasurement(server, scale).RunAsync();
        return Percentiles.Compare(server.Name, runtime, "its line on a bare watch", bare);
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
