using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Ledger;
using Slipway.Ledger.Env;
using Slipway.Operator.Releases;
using Slipway.Runtime;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.EnvPatches;

/// <summary>
/// Has a patch merged once, and its release made. What was decided is read from the ledger, so that a pass may be cut off anywhere and
/// simply run again.
/// </summary>
public sealed class EnvPatchReconciler(
    KubeClient client,
    IStore<EnvPatch> patches,
    IStore<Stack> stacks,
    EnvLedger ledger,
    StackRegistrar registrar,
    StackBaselines baselines,
    EnvSecretSources secrets,
    EnvReleases releases,
    LedgerHealth health,
    EnvPatchReports reports,
    Wakeups wakeups,
    TimeProvider time) : IReconciler
{
    /// <summary>Index of patches by the stack they are for, as <c>namespace/stack</c>.</summary>
    public const string ByStack = "stack";

    private const string LedgerAway = "the ledger (PostgreSQL) cannot be reached; the patch is merged when it is back";

    /// <summary>A little under the promised minute.</summary>
    private static readonly TimeSpan LongestWaitForLedger = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan CacheLag = TimeSpan.FromSeconds(1);

    /// <summary>Secrets are not watched: nobody need be allowed to.</summary>
    private static readonly TimeSpan LookForSecret = TimeSpan.FromSeconds(5);

    /// <summary>That a key was added, or the ledger repaired, is told by nobody.</summary>
    private static readonly TimeSpan LookForRepair = TimeSpan.FromSeconds(30);

    public async Task<Next> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (patches.Get(key) is not { } patch)
        {
            return Next.Settled;
        }

        try
        {
            return await PassAsync(patch, cancellationToken);
        }
        catch (EnvKeyUnavailableException error)
        {
            return await WaitAsync(patch, Reasons.EnvKeyUnavailable, error.Message, LookForRepair, cancellationToken);
        }
        catch (Exception error) when (LedgerFaults.IsUnavailable(error))
        {
            health.Suspect();
            await WaitAsync(patch, Reasons.PersistFailed, $"the patch could not be written, and is tried again: {error.Message}", null, cancellationToken);
            throw;
        }
    }

    private async Task<Next> PassAsync(EnvPatch patch, CancellationToken cancellationToken)
    {
        if (patch.Metadata.DeletionTimestamp is not null)
        {
            return await EndAsync(patch, cancellationToken);
        }

        if (IsOver(patch))
        {
            await reports.SettleAsync(patch, cancellationToken);
            return Next.Settled;
        }

        if (!patch.Metadata.HasFinalizer(WellKnown.Finalizer))
        {
            await Finalizers.AddAsync(client, patch, WellKnown.Finalizer, cancellationToken);
            return Next.After(TimeSpan.Zero);
        }

        if (!health.IsAvailable)
        {
            return await WaitAsync(patch, Reasons.PersistFailed, LedgerAway, null, cancellationToken);
        }

        var stack = stacks.Get(StackKey(patch));
        var bound = patch.Status?.StackUid ?? stack?.Metadata.Uid;
        if (bound is not null && await ledger.FindPatchAsync(EnvPatchRequests.Of(patch, bound), cancellationToken) is { } known)
        {
            return await FinishAsync(patch, known, stack, cancellationToken);
        }

        return await DecideAsync(patch, stack, bound, cancellationToken);
    }

    /// <summary>Nothing is left to be done: the status says an end, and names the release if there is to be one.</summary>
    private static bool IsOver(EnvPatch patch) => patch.Status switch
    {
        { Phase: EnvPatchPhase.Rejected } => true,
        { Phase: EnvPatchPhase.Applied } status => patch.Spec.Release == false || status.Deployment is not null || status.Revision is null,
        _ => false,
    };

    private async Task<Next> DecideAsync(EnvPatch patch, Stack? stack, string? bound, CancellationToken cancellationToken)
    {
        if (EnvPatchStatusProjection.IsSpecChanged(patch))
        {
            await reports.SpecChangedAsync(patch, cancellationToken);
            return Next.Settled;
        }

        if (EnvPatchCheck.Of(patch) is { } problem)
        {
            return await RejectAsync(patch, problem.Reason, problem.Message, cancellationToken);
        }

        var name = patch.Spec.Stack;
        if (bound is not null && (stack is null || stack.Metadata.Uid != bound || stack.Metadata.DeletionTimestamp is not null))
        {
            if (stack?.Metadata.Uid != bound && await ExistsAsync(patch, bound, cancellationToken))
            {
                return await WaitAsync(patch, Reasons.StackNotFound, $"waiting until Stack {name} is seen", CacheLag, cancellationToken);
            }

            var message = stack is null || stack.Metadata.Uid != bound
                ? $"Stack {name}, which the patch was for, was deleted"
                : $"Stack {name} is being deleted";
            await ledger.RejectAsync(EnvPatchRequests.Of(patch, bound), new EnvProblem(Reasons.StackDeleting, message), cancellationToken);
            return await RejectAsync(patch, Reasons.StackDeleting, message, cancellationToken);
        }

        if (stack is null)
        {
            return await WaitAsync(
                patch, Reasons.StackNotFound, $"waiting for Stack {name} in namespace {patch.Metadata.Namespace}", null, cancellationToken);
        }

        return StackCheck.Of(stack) is { Reason: Reasons.InvalidName } unusable
            ? await WaitAsync(patch, unusable.Reason, $"Stack {name} cannot be worked on: {unusable.Message}", null, cancellationToken)
            : await MergeAsync(patch, stack, cancellationToken);
    }

    /// <summary>A cache that lags may not know the stack yet: only the API server can say that it is gone.</summary>
    private async Task<bool> ExistsAsync(EnvPatch patch, string stackUid, CancellationToken cancellationToken) =>
        (await client.GetAsync<Stack>(StackKey(patch), cancellationToken))?.Metadata.Uid == stackUid;

    private async Task<Next> MergeAsync(EnvPatch patch, Stack stack, CancellationToken cancellationToken)
    {
        if (EnvPatchOrder.IsBehind(patch, patches.ByIndex(ByStack, StackKey(patch).ToString())))
        {
            // Says nothing that changes while it waits: each of many would be written again for each that is merged.
            return await WaitAsync(
                patch, Reasons.WaitingForTurn, "waiting for its turn: the patches of a stack are merged in the order of their creation", null, cancellationToken);
        }

        await registrar.RegisterAsync(stack, cancellationToken);
        if (await baselines.FollowAsync(stack, cancellationToken) is { Problem: { Reason: Reasons.LedgerBehind or Reasons.EnvKeyUnavailable } lost })
        {
            return await WaitAsync(patch, lost.Reason, lost.Message, LookForRepair, cancellationToken);
        }

        var values = await secrets.ReadAsync(patch, cancellationToken);
        if (values.Missing is { } missing)
        {
            return await WaitAsync(patch, missing.Reason, missing.Message, LookForSecret, cancellationToken);
        }

        var request = EnvPatchRequests.Of(patch, stack.Metadata.Uid!) with
        {
            Change = EnvPatchCheck.ChangeOf(patch.Spec, values.Values),
            Seen = baselines.HighestSeen(stack),
        };
        var outcome = await ledger.ApplyAsync(request, cancellationToken);
        return outcome.Kind switch
        {
            EnvOutcomeKind.Decided => await FinishAsync(patch, outcome.Patch!, stack, cancellationToken),
            EnvOutcomeKind.LedgerBehind => await WaitAsync(
                patch, Reasons.LedgerBehind, SeenEnvRevisions.Behind(request.Seen), LookForRepair, cancellationToken),
            EnvOutcomeKind.StackUnknown => await WaitAsync(
                patch, Reasons.StackNotFound, $"Stack {stack.Metadata.Name} has gone from the ledger, and is registered again", TimeSpan.FromSeconds(1), cancellationToken),
        };
    }

    /// <summary>It is decided: the release is made, and both are told. A release that cannot be made now keeps nobody from hearing of the merge.</summary>
    private async Task<Next> FinishAsync(EnvPatch patch, EnvPatchRow row, Stack? stack, CancellationToken cancellationToken)
    {
        if (!row.Release || stack is not { Metadata.DeletionTimestamp: null } || stack.Metadata.Uid != row.StackUid.ToString())
        {
            await reports.DecidedAsync(patch, row, null, cancellationToken);
            wakeups.Stack(patch.Metadata.Namespace!, patch.Spec.Stack);
            return Next.Settled;
        }

        string deployment;
        try
        {
            deployment = await releases.MakeAsync(patch, row, stack, cancellationToken);
        }
        catch (ApiException)
        {
            await reports.DecidedAsync(patch, row, null, cancellationToken);
            throw;
        }

        await reports.DecidedAsync(patch, row, deployment, cancellationToken);
        wakeups.Stack(patch.Metadata.Namespace!, patch.Spec.Stack);
        return Next.Settled;
    }

    /// <summary>What was merged stays. What was not is noted, so that nobody with an older view merges it after the object is gone.</summary>
    private async Task<Next> EndAsync(EnvPatch patch, CancellationToken cancellationToken)
    {
        if (!patch.Metadata.HasFinalizer(WellKnown.Finalizer))
        {
            return Next.Settled;
        }

        if (!EnvPatchStatusProjection.IsDecided(patch) && (patch.Status?.StackUid ?? stacks.Get(StackKey(patch))?.Metadata.Uid) is { } bound)
        {
            var left = patch.Metadata.DeletionTimestamp!.Value + LongestWaitForLedger - time.GetUtcNow();
            if (!health.IsAvailable && left > TimeSpan.Zero)
            {
                return Next.After(left);
            }

            if (health.IsAvailable)
            {
                var gone = new EnvProblem(Reasons.ObjectDeleted, "the object was deleted before it was merged");
                await ledger.RejectAsync(EnvPatchRequests.Of(patch, bound), gone, cancellationToken);
            }
        }

        await Finalizers.RemoveAsync(client, patch, WellKnown.Finalizer, cancellationToken);
        return Next.Settled;
    }

    private async Task<Next> RejectAsync(EnvPatch patch, string reason, string message, CancellationToken cancellationToken)
    {
        await reports.RejectedAsync(patch, reason, message, cancellationToken);
        return Next.Settled;
    }

    private async Task<Next> WaitAsync(EnvPatch patch, string reason, string message, TimeSpan? after, CancellationToken cancellationToken)
    {
        await reports.WaitingAsync(patch, reason, message, stacks.Get(StackKey(patch))?.Metadata.Uid, cancellationToken);
        return after is { } delay ? Next.After(delay) : Next.Settled;
    }

    private static NamespacedName StackKey(EnvPatch patch) => new(patch.Metadata.Namespace ?? "", patch.Spec.Stack);
}
