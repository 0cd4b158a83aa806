using System.Diagnostics.Metrics;

namespace Slipway.Ledger;

/// <summary>The ledger's own counters.</summary>
public static class LedgerMetrics
{
    /// <summary>The meter they belong to.</summary>
    public const string MeterName = "Slipway.Ledger";

    private static readonly Meter Meter = new(MeterName);

    internal static readonly Counter<long> VersionCollisions =
        Meter.CreateCounter<long>("slipway_version_collisions_total", description: "Attempts at a version that lost their number to another release.");
}
