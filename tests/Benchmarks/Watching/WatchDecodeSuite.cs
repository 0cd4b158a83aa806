using System.Globalization;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Results;

namespace Slipway.Benchmarks.Watching;

internal sealed class WatchDecodeSuite : ISuite
{
    private const string Beside = "string, parsed twice";

    public string Name => "watch-decode";

    public Task<IReadOnlyList<Section>> RunAsync(Scale scale)
    {
        var measured = MicroBenchmark.Run<WatchDecodeBenchmarks>(scale);
        var (pod, release) = WatchDecodeBenchmarks.WireSize;
        return Task.FromResult<IReadOnlyList<Section>>(
        [
            new Section("Watch, per event decoded",
            [
                .. measured.Compare(
                    $"pod of {KiB(pod)}", nameof(WatchDecodeBenchmarks.SlipwayPod), Beside, nameof(WatchDecodeBenchmarks.TwiceParsedPod)),
                .. measured.Compare(
                    $"release of {KiB(release)}", nameof(WatchDecodeBenchmarks.SlipwayRelease), Beside, nameof(WatchDecodeBenchmarks.TwiceParsedRelease)),
            ]),
        ]);
    }

    private static string KiB(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:F1} KiB");
}
