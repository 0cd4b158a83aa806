using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Slipway.Runtime.Metrics;

/// <summary>What is looked at whenever somebody collects: everything added and not yet removed. Thread-safe.</summary>
internal sealed class Measured<TSource>
    where TSource : class
{
    private ImmutableHashSet<TSource> _sources = [];

    public void Add(TSource source) => ImmutableInterlocked.Update(ref _sources, static (sources, added) => sources.Add(added), source);

    public void Remove(TSource source) => ImmutableInterlocked.Update(ref _sources, static (sources, removed) => sources.Remove(removed), source);

    public IEnumerable<Measurement<T>> Read<T>(Func<TSource, IEnumerable<Measurement<T>>> look)
        where T : struct =>
        Volatile.Read(ref _sources).SelectMany(look);
}
