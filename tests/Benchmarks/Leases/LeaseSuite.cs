using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Results;
using Slipway.Benchmarks.Servers;

namespace Slipway.Benchmarks.Leases;

/// <summary>
/// How long nobody holds a lease when it changes hands. After a crash that is the lease's duration by construction, which is not
/// measured.
/// </summary>
internal sealed class LeaseSuite : ISuite
{
    // A contender in life has waited for long: its watch is open, and nothing of the last time is going on any more.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(20);

    public string Name => "lease";

    public async Task<IReadOnlyList<Section>> RunAsync(Scale scale) =>
    [
        new Section("Lease, from giving it back to the other's work", await EveryServer.MeasureAsync(scale, server => MeasureAsync(server, scale))),
    ];

    /// <summary>The two sides take turns, one hand-over each.</summary>
    private static async Task<IEnumerable<Comparison>> MeasureAsync(Server server, Scale scale)
    {
        const int WarmUp = 10;
        var (ours, byHand) = (new Samples(), new Samples());
        await using var locks = await LockRelay.StartAsync(server);
        await using var patches = await PatchRelay.StartAsync(server);
        for (var round = -WarmUp; round < scale.HandOvers; round++)
        {
            await Task.Delay(Settling);
            await locks.PassAsync(round < 0 ? new Samples() : ours);
            await Task.Delay(Settling);
            await patches.PassAsync(round < 0 ? new Samples() : byHand);
        }

        return Percentiles.Compare(server.Name, ours, "patch, watch event, patch, by hand", byHand);
    }
}
