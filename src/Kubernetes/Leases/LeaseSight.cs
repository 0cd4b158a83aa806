using Slipway.Kubernetes.Resources;

namespace Slipway.Kubernetes.Leases;

/// <summary>
/// What was last seen of a lease, and since when it has not changed: on the own monotonic clock alone. The times
/// written in a lease are never compared with anything, so clocks may differ by years. Thread-safe.
/// </summary>
internal sealed class LeaseSight(TimeProvider time, TimeSpan usualDuration)
{
    private readonly Lock _gate = new();
    private V1Lease? _lease;
    private long _since;

    /// <summary>Takes in the answer to a read: the latest state whatever was seen before.</summary>
    public void Read(V1Lease? lease)
    {
        lock (_gate)
        {
            Take(lease);
        }
    }

    /// <summary>Takes in what a watch tells, which may be older than what has been read.</summary>
    public void Hear(V1Lease lease)
    {
        lock (_gate)
        {
            if (_lease is null || ResourceVersions.Compare(lease.Metadata.ResourceVersion, _lease.Metadata.ResourceVersion) is not <= 0)
            {
                Take(lease);
            }
        }
    }

    /// <summary>How long it has still to be left alone; zero when it may be taken.</summary>
    public TimeSpan FreeIn()
    {
        lock (_gate)
        {
            if (string.IsNullOrEmpty(_lease?.Spec?.HolderIdentity))
            {
                return TimeSpan.Zero;
            }

            // The duration that its holder counts on, and not the one that we would.
            var duration = _lease.Spec.LeaseDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : usualDuration;
            var left = duration - time.GetElapsedTime(_since);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private void Take(V1Lease? lease)
    {
        if (_lease?.Metadata.Uid != lease?.Metadata.Uid || _lease?.Spec != lease?.Spec)
        {
            _since = time.GetTimestamp();
        }

        _lease = lease;
    }
}
