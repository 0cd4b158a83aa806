namespace Slipway.Benchmarks.Latency;

/// <summary>Somebody who follows the releases of a namespace, ready when it is made; disposing it ends it.</summary>
internal interface IWitness : IAsyncDisposable
{
    Sighting Sighting { get; }
}
