using System.Diagnostics.Metrics;

namespace Slipway.Operator.Releases;

/// <summary>The operator's own counters.</summary>
public static class ReleaseMetrics
{
    /// <summary>The meter they belong to.</summary>
    public const string MeterName = "Slipway.Operator";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Transitions =
        Meter.CreateCounter<long>("slipway_release_transitions_total", description: "Moves of releases that were told, by the phase they led to.");

    /// <summary>A release has come into a phase.</summary>
    public static void CountTransition(string phase) => Transitions.Add(1, new KeyValuePair<string, object?>("phase", phase));
}
