using System.Diagnostics;

namespace Slipway.Benchmarks.Measuring;

/// <summary>Durations, and how they are distributed. Thread-safe.</summary>
internal sealed class Samples
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _durations = [];

    /// <param name="from">A timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="to">A later one.</param>
    public void Add(long from, long to)
    {
        lock (_gate)
        {
            _durations.Add(Stopwatch.GetElapsedTime(from, to));
        }
    }

    /// <summary>The duration that so large a share of the samples does not exceed.</summary>
    /// <param name="share">Between 0 and 1.</param>
    public TimeSpan Percentile(double share)
    {
        lock (_gate)
        {
            _durations.Sort();
            return _durations[Math.Max(0, (int)Math.Ceiling(share * _durations.Count) - 1)];
        }
    }

    public TimeSpan Median => Percentile(0.5);
}
