using System.Globalization;
using Slipway.Crds.Meta;
using Slipway.DemoData;
using Slipway.DemoData.Chain;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Resources;

namespace Slipway.Operator.DemoData;

/// <summary>Bounds the wait for a lease, and tells what it is waited for. A cluster that does not let us in is not waited for.</summary>
internal sealed class LeaseWait : LeaseObserver
{
    private readonly NamespacedName _lease;
    private readonly TimeSpan _patience;
    private readonly ChainLog _log;
    private readonly CancellationTokenSource _stop;
    private readonly Lock _gate = new();
    private string? _holder;
    private Exception? _failure;
    private bool _refused;
    private bool _over;

    public LeaseWait(NamespacedName lease, TimeSpan patience, ChainLog log, CancellationTokenSource stop)
    {
        (_lease, _patience, _log, _stop) = (lease, patience, log, stop);
        _stop.CancelAfter(patience);
    }

    public override void Waiting(V1Lease lease)
    {
        var since = lease.Spec?.AcquireTime is { } time ? $", since {time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}" : "";
        lock (_gate)
        {
            (_holder, _failure) = ($"{lease.Spec?.HolderIdentity}{since}", null);
        }

        _log.Waiting($"waiting for the lease {_lease}, which is held by {_holder}");
    }

    public override void AttemptFailed(Exception error)
    {
        bool first;
        lock (_gate)
        {
            first = _failure is null;
            _failure = error;
            _refused = IsRefusal(error) && !_over;
        }

        if (first)
        {
            _log.Waiting($"the lease {_lease} cannot be reached: {error.Message}");
        }

        if (_refused)
        {
            _stop.Cancel();
        }
    }

    /// <summary>It is ours: there is no limit any more.</summary>
    /// <exception cref="OperationCanceledException">The limit was first.</exception>
    public void Over()
    {
        lock (_gate)
        {
            _over = true;
        }

        _stop.CancelAfter(Timeout.InfiniteTimeSpan);
        _stop.Token.ThrowIfCancellationRequested();
    }

    /// <summary>That there is no namespace, or no API, will not change. That there is no lease just means that somebody has deleted it since we saw it.</summary>
    private static bool IsRefusal(Exception error) =>
        error is ApiException { Code: 401 or 403 or 404 } and not ApiException { Code: 404, Status.Details.Kind: "leases" };

    /// <summary>What the wait has ended with.</summary>
    public DemoDataException Verdict(Exception error)
    {
        lock (_gate)
        {
            return _failure is not null
                ? new DemoDataException(
                    DemoDataFault.MutexUnavailable,
                    $"The lease {_lease} {(_refused ? "may not be used by us" : "cannot be reached")}: {_failure.Message}. "
                    + "config/demo-data/rbac.yaml makes its namespace and the rights to it. Without a cluster, --lock database does with the lock of the database alone.",
                    error)
                : new DemoDataException(
                    DemoDataFault.LockHeld,
                    $"Somebody else makes this database new, and has not been done within {_patience.TotalSeconds:0} s: the lease {_lease} is held by {_holder ?? "nobody that was seen"}. "
                    + "Try again later, or give --wait-for-lock more time.",
                    error);
        }
    }
}
