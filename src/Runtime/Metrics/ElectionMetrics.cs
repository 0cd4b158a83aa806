using System.Diagnostics.Metrics;

namespace Slipway.Runtime.Metrics;

/// <summary>How one leader election stands.</summary>
internal sealed class ElectionMetrics
{
    private static readonly Meter Meter = new(RuntimeMeter.Name);

    private static readonly UpDownCounter<long> Status =
        Meter.CreateUpDownCounter<long>("leader_election_master_status", description: "1 while this process leads, else 0, by lease.");

    private static readonly Counter<long> SlowPath =
        Meter.CreateCounter<long>("leader_election_slowpath_total", description: "Renewals that had to read the lease first, by lease.");

    private readonly KeyValuePair<string, object?> _name;

    public ElectionMetrics(string name)
    {
        _name = new KeyValuePair<string, object?>("name", name);
        // Both are there from the start: a standby shows 0, and not nothing.
        Status.Add(0, _name);
        SlowPath.Add(0, _name);
    }

    public void Leads() => Status.Add(1, _name);

    public void LeadsNoMore() => Status.Add(-1, _name);

    public void TookSlowPath() => SlowPath.Add(1, _name);
}
