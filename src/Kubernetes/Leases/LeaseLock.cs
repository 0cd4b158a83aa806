using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Leases;

/// <summary>
/// A lock among processes, on a Lease of the API server: for leader election and for mutexes. The algorithm is client-go's,
/// with what it lacks: the time of the deadline counts from before the request, the work is cancelled and awaited before the lease is
/// released, only a lease that is still ours is released, a release is seen at once, and each term has a fencing token.
/// </summary>
public sealed class LeaseLock
{
    private readonly LeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly LeaseObserver _observer;
    private readonly ILeaseApi _api;
    private readonly LeaseRequests _requests;
    private int _running;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LeaseLock(KubeClient client, LeaseOptions options, TimeProvider time, Random random, LeaseObserver? observer = null)
        : this(new LeaseApi(client.WithTimeout(options.RequestTimeout * 0.9), options), $"{options.Holder}_{Guid.NewGuid():N}", options, time, random, observer)
    {
    }

    internal LeaseLock(ILeaseApi api, string identity, LeaseOptions options, TimeProvider time, Random random, LeaseObserver? observer)
    {
        options.Validate();
        (_api, _options, _time, _random) = (api, options, time, random);
        _observer = observer ?? new LeaseObserver.Silent();
        _requests = new LeaseRequests(api, options.RequestTimeout, time);
        Identity = identity;
    }

    /// <summary>What is written as the lease's holder: unique to this instance.</summary>
    public string Identity { get; }

    public NamespacedName Key => _options.Key;

    /// <summary>
    /// Waits for the lease, runs the work under it, and gives it back when the work has ended. While the work runs the lease is
    /// renewed, also after it has been told to stop; so work may take its time to end well.
    /// </summary>
    /// <param name="work">
    /// What needs the lease. It should end when <see cref="LeaseTerm.Ending"/> is cancelled, and must write nothing more when
    /// <see cref="LeaseTerm.Lost"/> is.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting, or tells the work to end.</param>
    /// <exception cref="LeaseLostException">The lease was lost before the work had ended.</exception>
    /// <exception cref="InvalidOperationException">It is waited for or held by this instance already.</exception>
    public async Task RunAsync(Func<LeaseTerm, Task> work, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1)
        {
            throw new InvalidOperationException($"This lock of the lease {Key} is in use already: make one for each user of it.");
        }

        try
        {
            using var term = await AcquireAsync(cancellationToken);
            _observer.Acquired(term);
            await HoldAsync(term, work);
        }
        finally
        {
            Interlocked.Exchange(ref _running, 0);
        }
    }

    private async Task<LeaseTerm> AcquireAsync(CancellationToken cancellationToken)
    {
        var sight = new LeaseSight(_time, _options.Duration);
        var watch = new LeaseWatch(_api, sight, _options, _observer, _time);
        var acquisition = new LeaseAcquisition(_requests, watch, sight, Identity, _options, _observer, _time, _random);
        try
        {
            var (lease, asked) = await acquisition.RunAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return new LeaseTerm(Identity, lease, asked, _options, _time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && acquisition.IsUncertain)
        {
            await new LeaseRelease(_api, _options, _observer, _time).RunAsync(lease => lease?.Spec?.HolderIdentity == Identity, known: null);
            throw;
        }
    }

    private async Task HoldAsync(LeaseTerm term, Func<LeaseTerm, Task> work)
    {
        using var done = new CancellationTokenSource();
        var renewing = new LeaseRenewal(_requests, _options, _observer, _time).RunAsync(term, done.Token);
        Exception? failure = null;
        try
        {
            await work(term);
        }
        catch (Exception error)
        {
            failure = error;
            throw;
        }
        finally
        {
            done.Cancel();
            await renewing;
            await EndAsync(term, failure);
        }
    }

    /// <exception cref="LeaseLostException">It was lost; what the work threw is inside.</exception>
    private async Task EndAsync(LeaseTerm term, Exception? failure)
    {
        if (term.IsLost)
        {
            _observer.Lost(term, term.LossReason);
            throw new LeaseLostException(Key, term.LossReason, failure);
        }

        var release = new LeaseRelease(_api, _options, _observer, _time);
        if (await release.RunAsync(lease => LeaseSpecs.IsOurs(lease, term.Identity, term.Token), term.Lease))
        {
            _observer.Released(term);
        }
    }
}
