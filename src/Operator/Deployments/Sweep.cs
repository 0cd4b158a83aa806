using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Kubernetes;
using Slipway.Ledger;
using Slipway.Operator.Releases;
using Slipway.Operator.Stacks;
using Slipway.Operator.Teams;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Deployments;

/// <summary>
/// Cancels releases in flight whose object is really gone: its finalizer was taken away by hand, or by us when the ledger
/// was away for too long. Then ends stacks and teams of the same fate. Asks the API server and not a cache, because a release must never end on a stale look.
/// </summary>
public sealed class Sweep(
    KubeClient client,
    ReleaseLedger ledger,
    LedgerHealth health,
    WatchedNamespaces namespaces,
    IStore<Deployment> deployments,
    VanishedStacks vanished,
    VanishedTeams vanishedTeams,
    Wakeups wakeups,
    OperatorLog log,
    TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _asked = new(0, 1);
    private readonly Lock _gate = new();

    /// <summary>Sweeps soon instead of when it is due: an object has gone, or the ledger is back.</summary>
    public void Ask()
    {
        lock (_gate)
        {
            if (_asked.CurrentCount == 0)
            {
                _asked.Release();
            }
        }
    }

    /// <summary>Sweeps whenever asked, and now and then, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = Period;
        while (true)
        {
            await PauseAsync(pause, cancellationToken);
            pause = health.IsAvailable ? await TrySweepAsync(cancellationToken) : Period;
        }
    }

    private async Task PauseAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(length, time, pause.Token), _asked.WaitAsync(pause.Token));
        await pause.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <returns>How long to wait until the next round.</returns>
    private async Task<TimeSpan> TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(cancellationToken);
            var stacks = await vanished.SweepAsync(cancellationToken) ?? Period;
            var teams = await vanishedTeams.SweepAsync(cancellationToken) ?? Period;
            return new[] { stacks, teams, Period }.Min();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing depends on this very round; the next one looks at everything again.
            log.SweepFailed(error);
            return Period;
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var release in (await ledger.ListInFlightAsync(cancellationToken)).Where(one => namespaces.Contains(one.Namespace)))
        {
            if (await Presence.HasAsync(client, deployments, new NamespacedName(release.Namespace, release.Name), release.Uid, cancellationToken))
            {
                continue;
            }

            await ledger.CancelAsync(release.Uid, Reasons.ObjectDeleted, "the object is gone; the release ended with it", cancellationToken);
            log.Swept(new NamespacedName(release.Namespace, release.Name), release.Version?.ToString() ?? "");
            wakeups.Stack(release.Namespace, release.StackName);
            foreach (var waiting in deployments.ByIndex(Observer.ByStack, new NamespacedName(release.Namespace, release.StackName).ToString()))
            {
                wakeups.Deployment(release.Namespace, waiting.Metadata.Name!);
            }
        }
    }
}
