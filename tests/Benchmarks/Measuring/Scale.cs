namespace Slipway.Benchmarks.Measuring;

/// <summary>How much is measured.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Objects">Objects in a store or a list.</param>
/// <param name="Rounds">How often a cold start is measured.</param>
/// <param name="Turns">How often latency and throughput change from one side to the other and back.</param>
/// <param name="Samples">Latencies per turn, after its warm-up.</param>
/// <param name="Iterations">Iterations of a micro-benchmark.</param>
/// <param name="Reconciles">Reconciles per turn.</param>
/// <param name="HandOvers">How often a lease changes hands.</param>
/// <param name="Multiple">The large demo data set, in multiples of the small one.</param>
/// <param name="RealServer">Whether also a real API server is measured.</param>
internal sealed record Scale(string Name, int Objects, int Rounds, int Turns, int Samples, int Iterations, int Reconciles, int HandOvers, int Multiple, bool RealServer)
{
    public static Scale Full { get; } = new("full", 10_000, 5, 25, 100, 15, 50_000, 300, 100, RealServer: true);

    /// <summary>For whoever changes the benchmarks: the same code, and figures that mean little.</summary>
    public static Scale Quick { get; } = new("quick", 2_000, 2, 4, 50, 3, 10_000, 20, 5, RealServer: false);
}
