using Slipway.Kubernetes.Resources;

namespace Slipway.Kubernetes.Leases;

/// <summary>
/// One time of holding a lease. The lease bounds how long two may think that they hold it (a process that was paused wakes up and
/// does not know yet); what must never be written twice is guarded by the <see cref="Token"/>, where it is written.
/// </summary>
public sealed class LeaseTerm : IDisposable
{
    private readonly LeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _ending;
    private string? _lossReason;

    internal LeaseTerm(string identity, V1Lease lease, long asked, LeaseOptions options, TimeProvider time, CancellationToken stop)
    {
        (_options, _time) = (options, time);
        Identity = identity;
        Token = new FencingToken(lease.Metadata.Uid ?? "", lease.Spec?.LeaseTransitions ?? 0, lease.Metadata.ResourceVersion ?? "");
        Lease = lease;
        LastRenewal = asked;
        var left = Left(asked);
        _lost = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(stop, _lost.Token);
    }

    /// <summary>What stands in the lease as its holder.</summary>
    public string Identity { get; }

    /// <summary>What guards writes against holders of earlier terms.</summary>
    public FencingToken Token { get; }

    /// <summary>
    /// Cancelled when the lease is lost: it could not be renewed in time, or is somebody else's. Whatever still runs must end at
    /// once and write nothing more.
    /// </summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Cancelled when the work should end: the lease is lost, or the holder was told to stop. It is held until the work has ended.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Whether it has been lost. By the clock, too: after a pause of the process, timers may fire later than work goes on.</summary>
    public bool IsLost => _lost.IsCancellationRequested || Left(LastRenewal) <= TimeSpan.Zero;

    /// <summary>How long ago the last renewal that succeeded was sent.</summary>
    public TimeSpan SinceRenewal => _time.GetElapsedTime(LastRenewal);

    /// <summary>The lease as last written or read in this term.</summary>
    internal V1Lease Lease { get; private set; }

    /// <summary>Why it was lost.</summary>
    internal string LossReason => Volatile.Read(ref _lossReason)
        ?? $"it could not be renewed for {_options.RenewDeadline.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)} s";

    private long LastRenewal { get; set; }

    public void Dispose()
    {
        _ending.Dispose();
        _lost.Dispose();
    }

    /// <summary>A renewal that was sent at that time succeeded.</summary>
    internal void Renewed(V1Lease lease, long asked)
    {
        Lease = lease;
        LastRenewal = asked;
        var left = Left(asked);
        if (left > TimeSpan.Zero)
        {
            // Once the deadline has passed this changes nothing: what is lost stays lost.
            _lost.CancelAfter(left);
        }
    }

    /// <summary>The lease has another version than we knew, and is still ours.</summary>
    internal void Know(V1Lease lease) => Lease = lease;

    internal void Lose(string reason)
    {
        Interlocked.CompareExchange(ref _lossReason, reason, null);
        _lost.Cancel();
    }

    private TimeSpan Left(long asked) => _options.RenewDeadline - _time.GetElapsedTime(asked);
}
