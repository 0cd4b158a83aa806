using System.Globalization;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Watching;

namespace Slipway.Kubernetes.Tests.Leases.Simulation;

/// <summary>An API server with one Lease. Knows who writes, so it can tell when somebody writes what is not his.</summary>
internal sealed class LeaseServer(VirtualWorld world)
{
    private long _version = 100;
    private int _lives;

    public V1Lease? Lease { get; private set; }

    public List<Action<WatchEvent<V1Lease>>> Watches { get; } = [];

    /// <summary>Each term as it began: whose, and when.</summary>
    public List<(string Holder, int Transitions, string Uid, string Version, TimeSpan At)> Terms { get; } = [];

    public List<string> Violations { get; } = [];

    public V1Lease Create(V1LeaseSpec spec)
    {
        if (Lease is not null)
        {
            throw new ApiException("exists", 409, "AlreadyExists");
        }

        Commit(WatchEventType.Added, new V1Lease { Metadata = new ObjectMeta { Name = "lock", Namespace = "ns", Uid = $"life {++_lives}" }, Spec = spec });
        return Lease!;
    }

    public V1Lease Write(string writer, V1Lease read, V1LeaseSpec spec)
    {
        if (Lease is null)
        {
            throw new ApiException("gone", 404, "NotFound");
        }

        if (read.Metadata.ResourceVersion != Lease.Metadata.ResourceVersion)
        {
            throw new ApiException("changed", 409, "Conflict");
        }

        if (spec.HolderIdentity == "" && Lease.Spec!.HolderIdentity != writer)
        {
            Violations.Add($"{writer} released what {Lease.Spec.HolderIdentity} held, at {world.Now}");
        }

        Commit(WatchEventType.Modified, Lease with { Spec = spec });
        return Lease;
    }

    /// <summary>An administrator labels it: another version, and nothing else.</summary>
    public void Touch()
    {
        if (Lease is not null)
        {
            Commit(WatchEventType.Modified, Lease);
        }
    }

    /// <summary>An administrator deletes it.</summary>
    public void Delete()
    {
        if (Lease is { } last)
        {
            Lease = null;
            Tell(new WatchEvent<V1Lease>(WatchEventType.Deleted, last, Next(), false));
        }
    }

    private void Commit(WatchEventType type, V1Lease next)
    {
        var before = Lease;
        Lease = next with { Metadata = next.Metadata with { ResourceVersion = Next() } };
        if (!string.IsNullOrEmpty(Lease.Spec!.HolderIdentity)
            && (before?.Metadata.Uid, before?.Spec?.LeaseTransitions) != (Lease.Metadata.Uid, Lease.Spec.LeaseTransitions))
        {
            Terms.Add((Lease.Spec.HolderIdentity, Lease.Spec.LeaseTransitions ?? 0, Lease.Metadata.Uid!, Lease.Metadata.ResourceVersion!, world.Now));
        }

        Tell(new WatchEvent<V1Lease>(type, Lease, Lease.Metadata.ResourceVersion!, false));
    }

    private void Tell(WatchEvent<V1Lease> change)
    {
        foreach (var watch in Watches.ToList())
        {
            watch(change);
        }
    }

    /// <summary>Other objects are written, too: versions have gaps.</summary>
    private string Next() => (_version += world.Random.Next(1, 4)).ToString(CultureInfo.InvariantCulture);
}
