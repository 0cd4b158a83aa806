using Slipway.Benchmarks.Results;

namespace Slipway.Benchmarks.Measuring;

/// <summary>The usual and the slow case of two distributions, side by side.</summary>
internal static class Percentiles
{
    public static IEnumerable<Comparison> Compare(string what, Samples ours, string beside, Samples theirs) =>
        ((double[])[0.5, 0.99]).Select(share => new Comparison(
            $"{what}: p{share * 100:F0}", Quantity.Time(ours.Percentile(share)), beside, Quantity.Time(theirs.Percentile(share))));
}
