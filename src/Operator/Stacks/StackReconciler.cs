using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Ledger;
using Slipway.Ledger.Env;
using Slipway.Operator.Releases;
using Slipway.Runtime;
using Slipway.Runtime.Caching;
using Slipway.Runtime.Events;

namespace Slipway.Operator.Stacks;

/// <summary>Makes the workload follow the ledger, and the Stack's status both. The only writer of workloads and Services.</summary>
public sealed class StackReconciler(
    KubeClient client,
    IStore<Stack> stacks,
    ReleaseLedger ledger,
    StackRegistrar registrar,
    StackBaselines baselines,
    StackListing listing,
    LedgerHealth health,
    WorkloadWriter workloads,
    ServiceWriter services,
    EnvSecrets secrets,
    StackSources sources,
    HistoryPruning history,
    StackTeardown teardown,
    Func<NamespacedName, IReadOnlyCollection<Deployment>> deploymentsOf,
    StatusWriter<Stack, StackStatus> statusWriter,
    EventRecorder recorder,
    Wakeups wakeups,
    TimeProvider time) : IReconciler
{
    private static readonly TimeSpan WaitForOthers = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryForbidden = TimeSpan.FromSeconds(5);

    /// <summary>What is not ours is not watched, and neither is the ledger: that they are mended is found by looking.</summary>
    private static readonly TimeSpan RetryFound = TimeSpan.FromSeconds(30);

    public async Task<Next> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (stacks.Get(key) is not { } stack)
        {
            return Next.Settled;
        }

        try
        {
            return await PassAsync(stack, cancellationToken);
        }
        catch (Exception error) when (LedgerFaults.IsUnavailable(error))
        {
            health.Suspect();
            throw;
        }
    }

    private async Task<Next> PassAsync(Stack stack, CancellationToken cancellationToken)
    {
        if (stack.Metadata.DeletionTimestamp is not null)
        {
            workloads.Forget(stack);
            services.Forget(stack);
            return await teardown.RunAsync(stack, cancellationToken);
        }

        var problem = StackCheck.Of(stack);
        if (problem is { Reason: Reasons.InvalidName })
        {
            return await StallAsync(stack, problem, Next.Settled, cancellationToken);
        }

        if (!stack.Metadata.HasFinalizer(WellKnown.Finalizer))
        {
            await Finalizers.AddAsync(client, stack, WellKnown.Finalizer, cancellationToken);
            return Next.After(TimeSpan.Zero);
        }

        if (!health.IsAvailable)
        {
            await statusWriter.WriteAsync(stack, StackStatusProjection.WhileLedgerIsAway(stack, time.GetUtcNow()), cancellationToken);
            return Next.Settled;
        }

        await registrar.RegisterAsync(stack, cancellationToken);
        var baseline = await baselines.FollowAsync(stack, cancellationToken);
        var deployments = deploymentsOf(NamespacedName.Of(stack));
        if (await FindLedgerBehindAsync(stack, deployments, cancellationToken) is { } behind)
        {
            return await StallAsync(stack, behind, Next.After(RetryFound), cancellationToken);
        }

        if (baseline is { Row: null, Problem: null })
        {
            // Somebody has taken the row away since it was registered.
            return Next.After(WaitForOthers);
        }

        if (baseline is { Problem: { Reason: Reasons.LedgerBehind } lost })
        {
            return await StallAsync(stack, lost, Next.After(RetryFound), cancellationToken);
        }

        // A stack that cannot take releases asks for none: the generation that mends it makes the one that counts.
        problem ??= baseline.Problem ?? StackCheck.OfSource(stack) ?? await sources.FollowAsync(stack, baseline.Row!, cancellationToken);
        await history.PruneAsync(stack, deployments, cancellationToken);
        var place = await listing.FollowAsync(stack, cancellationToken);
        return Sooner(await FollowLedgerAsync(stack, problem, place, cancellationToken), place.LookAgain);
    }

    /// <summary>Before anything else: a ledger that was restored from an older backup must not overwrite what it does not know.</summary>
    private async Task<StackProblem?> FindLedgerBehindAsync(Stack stack, IEnumerable<Deployment> deployments, CancellationToken cancellationToken)
    {
        if (SeenVersions.Highest(stack, deployments) is not { } seen)
        {
            return null;
        }

        var newest = await ledger.FindNewestVersionAsync(stack.Metadata.Namespace!, stack.Metadata.Name!, cancellationToken);
        return newest >= seen
            ? null
            : new StackProblem(Reasons.LedgerBehind, SeenVersions.Behind(seen));
    }

    private async Task<Next> FollowLedgerAsync(Stack stack, StackProblem? problem, StackPlace place, CancellationToken cancellationToken)
    {
        try
        {
            var result = await workloads.WriteAsync(stack, cancellationToken);
            if (result.Step is WorkloadStep.CacheBehind or WorkloadStep.BeingCollected or WorkloadStep.BeingTornDown)
            {
                return Next.After(WaitForOthers);
            }

            var found = await JudgeAsync(stack, result, cancellationToken);
            await BeginRolloutAsync(stack, result, cancellationToken);
            if (result.Step != WorkloadStep.LedgerBehind)
            {
                // What an older backup knows to be obsolete may be what runs now.
                await secrets.PruneAsync(stack, result.Ledger.Stack, cancellationToken);
            }

            var isWatched = found is null && problem?.Reason is not (Reasons.DeploymentConflict or Reasons.EnvKeyUnavailable or Reasons.EnvTooLarge);
            return await ReportAsync(
                stack, found ?? problem, result.Ledger, place, isWatched ? Next.Settled : Next.After(RetryFound), cancellationToken);
        }
        catch (ApiException error) when (IsRefusal(error))
        {
            return await RefusedAsync(stack, error, cancellationToken);
        }
        catch (EnvKeyUnavailableException error)
        {
            // What runs goes on; a release that needs the variables waits, with no clock running.
            return await StallAsync(stack, new StackProblem(Reasons.EnvKeyUnavailable, error.Message), Next.After(RetryFound), cancellationToken);
        }
    }

    /// <summary>What the workload's state says about the stack; a release that cannot land is ended here.</summary>
    private async Task<StackProblem?> JudgeAsync(Stack stack, WorkloadResult result, CancellationToken cancellationToken)
    {
        switch (result.Step)
        {
            case WorkloadStep.Conflict:
                var conflict = new StackProblem(
                    Reasons.WorkloadConflict,
                    $"deployments.apps {stack.Metadata.Name} exists and is not Slipway's; it was left untouched: rename the Stack, or delete that workload");
                await EndActivatingAsync(result.Ledger, conflict, cancellationToken);
                return conflict;
            case WorkloadStep.LedgerBehind:
                return new StackProblem(
                    Reasons.LedgerBehind,
                    "the workload was written from a later state than the ledger has: the ledger seems to be restored from an older backup; nothing is changed until \"slipway ledger repair\" has been run");
            default:
                return await services.WriteAsync(stack, cancellationToken)
                    ? null
                    : new StackProblem(
                        Reasons.WorkloadConflict,
                        $"Service {stack.Metadata.Name} exists and is not Slipway's; it was left untouched: rename the Stack, or delete that Service");
        }
    }

    /// <summary>The release's deadline runs from the moment its workload is really there.</summary>
    private async Task BeginRolloutAsync(Stack stack, WorkloadResult result, CancellationToken cancellationToken)
    {
        if (result.Step is WorkloadStep.Create or WorkloadStep.Apply
            && result.Ledger.Desired is { Phase: ReleasePhase.Activating, DeadlineAt: null } release)
        {
            await ledger.BeginRolloutAsync(release.Uid, result.Ledger.Stack.Sequence, Deadlines.Progress(stack.Spec), cancellationToken);
            wakeups.Deployment(release.Namespace, release.Name);
        }
    }

    /// <summary>
    /// The API server says no to the workload. What is invalid stays so, and the release ends at once. "Forbidden" may pass: a quota,
    /// a webhook, missing rights, a namespace on its way out; so it is tried until the release's deadline.
    /// </summary>
    private async Task<Next> RefusedAsync(Stack stack, ApiException error, CancellationToken cancellationToken)
    {
        var problem = new StackProblem(Reasons.WorkloadRefused, error.Message);
        var state = await ledger.ReadStackAsync(Guid.Parse(stack.Metadata.Uid!), 1, cancellationToken);
        if (state?.Desired is not { Phase: ReleasePhase.Activating } release)
        {
            return await StallAsync(stack, problem, error.IsForbidden ? Next.After(RetryForbidden) : Next.Settled, cancellationToken);
        }

        if (!error.IsForbidden || release.DeadlineAt <= time.GetUtcNow())
        {
            await EndActivatingAsync(state, problem, cancellationToken);
            return Next.After(TimeSpan.Zero);
        }

        if (release.DeadlineAt is null)
        {
            await ledger.BeginRolloutAsync(release.Uid, state.Stack.Sequence, Deadlines.Progress(stack.Spec), cancellationToken);
            wakeups.Deployment(release.Namespace, release.Name);
        }

        return await StallAsync(stack, problem, Next.After(RetryForbidden), cancellationToken);
    }

    private async Task EndActivatingAsync(StackState state, StackProblem problem, CancellationToken cancellationToken)
    {
        if (state.Desired is { Phase: ReleasePhase.Activating } release)
        {
            await ledger.FailAsync(release.Uid, ReleasePhase.Activating, problem.Reason, problem.Message, null, cancellationToken);
            wakeups.Deployment(release.Namespace, release.Name);
        }
    }

    private async Task<Next> ReportAsync(
        Stack stack, StackProblem? problem, StackState state, StackPlace place, Next next, CancellationToken cancellationToken)
    {
        Tell(stack, problem);
        await statusWriter.WriteAsync(stack, StackStatusProjection.From(stack, state, place, problem, time.GetUtcNow()), cancellationToken);
        return next;
    }

    private async Task<Next> StallAsync(Stack stack, StackProblem problem, Next next, CancellationToken cancellationToken)
    {
        Tell(stack, problem);
        await statusWriter.WriteAsync(stack, StackStatusProjection.Stalled(stack, problem, time.GetUtcNow()), cancellationToken);
        return next;
    }

    /// <summary>One Event when a stack begins to stall, not one per look.</summary>
    private void Tell(Stack stack, StackProblem? problem)
    {
        var known = stack.Status?.Conditions?.FirstOrDefault(condition => condition.Type == WellKnown.Conditions.Stalled);
        if (problem is not null && known?.Reason != problem.Reason)
        {
            recorder.Record(stack, EventType.Warning, problem.Reason, "Reconcile", problem.Message);
        }
    }

    private static Next Sooner(Next next, TimeSpan? other) =>
        other is { } delay && !(next.Delay <= delay) ? Next.After(delay) : next;

    /// <summary>The request itself is at fault, as opposed to the server, the network or a race.</summary>
    private static bool IsRefusal(ApiException error) => error.IsInvalid || error.IsForbidden || error.Code == 400;
}
