using Slipway.Benchmarks.Results;

namespace Slipway.Benchmarks.Measuring;

/// <summary>One benchmark of the command line.</summary>
internal interface ISuite
{
    /// <summary>What it is called on the command line.</summary>
    string Name { get; }

    Task<IReadOnlyList<Section>> RunAsync(Scale scale);
}
