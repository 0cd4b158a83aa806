using Slipway.Kubernetes;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Resources;
using Slipway.Runtime.Metrics;

namespace Slipway.Runtime;

/// <summary>
/// Of several processes one leads. A process that stops hands over at once; one that dies or is cut off is replaced when its lease
/// expires. A process that loses the lease does not try again: it ends, since nobody knows what it still has under way.
/// </summary>
public sealed class LeaderElection : IDisposable
{
    /// <summary>How much later than the lease's end a leader must have noticed by itself that it leads no more.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(20);

    private readonly LeaseOptions _options;
    private readonly LeaseLock _lock;
    private readonly ElectionMetrics _metrics;
    private volatile LeaseTerm? _term;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LeaderElection(KubeClient client, LeaseOptions options, RuntimeObserver observer, TimeProvider time, Random random)
    {
        _options = options;
        _metrics = new ElectionMetrics(options.Key.Name, () => IsLeading);
        _lock = new LeaseLock(client, options, time, random, new Reports(this, observer));
    }

    /// <summary>Whether this process leads. By the time you look at the answer it may be wrong: decide nothing by it.</summary>
    public bool IsLeading => _term is { IsLost: false };

    /// <summary>
    /// For a liveness probe: it leads, and has not renewed its lease for so long that it should have ended. Something in the
    /// process is stuck, and it must be ended from outside.
    /// </summary>
    public bool IsStuck => _term is { } term && term.SinceRenewal > _options.Duration + Tolerance;

    /// <summary>What this process writes into the lease.</summary>
    public string Identity => _lock.Identity;

    /// <summary>
    /// Waits until this process leads, then runs the work: with a token that says "end now", and one that says "write nothing more,
    /// somebody else leads". The lease is given up when the work has ended.
    /// </summary>
    /// <exception cref="LeaseLostException">The lease was lost: the process must end.</exception>
    public Task RunAsync(Func<CancellationToken, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        _lock.RunAsync(term => LeadAsync(term, work), cancellationToken);

    /// <summary>Takes it out of the metrics.</summary>
    public void Dispose() => _metrics.Dispose();

    private async Task LeadAsync(LeaseTerm term, Func<CancellationToken, CancellationToken, Task> work)
    {
        _term = term;
        try
        {
            await work(term.Ending, term.Lost);
        }
        finally
        {
            _term = null;
        }
    }

    private sealed class Reports(LeaderElection election, RuntimeObserver observer) : LeaseObserver
    {
        private string Name => election._options.Key.ToString();

        public override void Waiting(V1Lease lease) =>
            observer.LeaderSeen(Name, lease.Spec?.HolderIdentity ?? "", lease.Spec?.AcquireTime);

        public override void Acquired(LeaseTerm term) => observer.LeadershipAcquired(Name, term.Identity);

        public override void AttemptFailed(Exception error) => observer.LeaseFailed(Name, error);

        public override void WatchFailed(Exception error) => observer.LeaseFailed(Name, error);

        public override void RenewalContested() => election._metrics.TookSlowPath();

        public override void Lost(LeaseTerm term, string reason) => observer.LeadershipLost(Name, reason);

        public override void ReleaseFailed(Exception error) => observer.LeaseFailed(Name, error);
    }
}
