using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Kubernetes;
using Slipway.Ledger;
using Slipway.Runtime;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Deployments;

/// <summary>
/// Brings one release a move further: look, decide, act, write the status once. Each move is a compare-and-set in the
/// ledger, so that a pass may be cut off anywhere and simply run again.
/// </summary>
public sealed class DeploymentReconciler(
    KubeClient client,
    IStore<Deployment> deployments,
    Observer observer,
    Mover mover,
    LedgerHealth health,
    StatusWriter<Deployment, DeploymentStatus> statusWriter,
    TransitionEvents events,
    TimeProvider time) : IReconciler
{
    /// <summary>
    /// How long a deleted object waits for an absent ledger. A little under the promised minute; the release, if there is
    /// one, is then ended by the sweep once the ledger is back.
    /// </summary>
    private static readonly TimeSpan LongestWaitForLedger = TimeSpan.FromSeconds(45);

    public async Task<Next> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (deployments.Get(key) is not { } deployment)
        {
            return Next.Settled;
        }

        if (!health.IsAvailable)
        {
            return await WithoutLedgerAsync(deployment, cancellationToken);
        }

        try
        {
            return await PassAsync(deployment, cancellationToken);
        }
        catch (Exception error) when (LedgerFaults.IsUnavailable(error))
        {
            health.Suspect();
            throw;
        }
    }

    private async Task<Next> PassAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var observed = await observer.ObserveAsync(deployment, cancellationToken);
        var plan = Plan.From(observed, time.GetUtcNow());
        switch (plan.Step)
        {
            case Step.AddFinalizer:
                await Finalizers.AddAsync(client, deployment, WellKnown.Finalizer, cancellationToken);
                return Next.After(TimeSpan.Zero);
            case Step.RemoveFinalizer:
                await Finalizers.RemoveAsync(client, deployment, WellKnown.Finalizer, cancellationToken);
                return Next.Settled;
            default:
                var outcome = await mover.MoveAsync(observed, plan, cancellationToken);
                await ReportAsync(outcome, cancellationToken);
                return outcome.Next;
        }
    }

    /// <summary>
    /// Events before the status: the status is what says which transitions were told, so a crash in between repeats an
    /// event and never loses one.
    /// </summary>
    private async Task ReportAsync(MoveResult outcome, CancellationToken cancellationToken)
    {
        var status = StatusProjection.From(outcome.Observed, outcome.Plan, time.GetUtcNow());
        events.Tell(outcome.Observed.Deployment, status, outcome.Observed.TakenOver);
        await statusWriter.WriteAsync(outcome.Observed.Deployment, status, cancellationToken);
    }

    private async Task<Next> WithoutLedgerAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (deployment.Metadata.DeletionTimestamp is { } deletedAt)
        {
            var left = deletedAt + LongestWaitForLedger - now;
            if (left > TimeSpan.Zero)
            {
                return Next.After(left);
            }

            await Finalizers.RemoveAsync(client, deployment, WellKnown.Finalizer, cancellationToken);
            return Next.Settled;
        }

        if (StatusProjection.WhileLedgerIsAway(deployment, now) is { } status)
        {
            await statusWriter.WriteAsync(deployment, status, cancellationToken);
        }

        return Next.Settled;
    }
}
