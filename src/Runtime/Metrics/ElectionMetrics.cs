using System.Diagnostics.Metrics;

namespace Slipway.Runtime.Metrics;

/// <summary>How one leader election stands, until disposed.</summary>
internal sealed class ElectionMetrics : IDisposable
{
    private readonly KeyValuePair<string, object?> _name;
    private readonly Func<bool> _isLeading;
    private long _slowPaths;

    /// <param name="name">Name of the lease.</param>
    /// <param name="isLeading">Whether this process leads; called while somebody collects.</param>
    public ElectionMetrics(string name, Func<bool> isLeading)
    {
        _name = new("name", name);
        _isLeading = isLeading;
        RuntimeMeter.Elections.Add(this);
    }

    public void TookSlowPath() => Interlocked.Increment(ref _slowPaths);

    public IEnumerable<Measurement<long>> MasterStatus() => [new(_isLeading() ? 1L : 0L, _name)];

    public IEnumerable<Measurement<long>> SlowPaths() => [new(Interlocked.Read(ref _slowPaths), _name)];

    public void Dispose() => RuntimeMeter.Elections.Remove(this);
}
