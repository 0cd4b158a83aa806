namespace Slipway.Benchmarks.Measuring;

/// <summary>How much is measured.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Objects">Objects in a store or a list.</param>
/// <param name="Rounds">How often each side is measured, in turns.</param>
/// <param name="Samples">Samples per round, after the warm-up.</param>
/// <param name="Iterations">Iterations of a micro-benchmark.</param>
/// <param name="Reconciles">Reconciles per round.</param>
/// <param name="RealServer">Whether also a real API server is measured.</param>
internal sealed record Scale(string Name, int Objects, int Rounds, int Samples, int Iterations, int Reconciles, bool RealServer)
{
    public static Scale Full { get; } = new("full", 10_000, 10, 250, 15, 50_000, RealServer: true);

    /// <summary>For whoever changes the benchmarks: the same code, and figures that mean little.</summary>
    public static Scale Quick { get; } = new("quick", 2_000, 2, 100, 3, 10_000, RealServer: false);
}
