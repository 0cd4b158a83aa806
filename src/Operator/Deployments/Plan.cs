using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Deployments;

public enum Step
{
    /// <summary>Nothing to do; look again when something changes.</summary>
    Settle,

    /// <summary>Nothing to do yet: reason and message say what is waited for.</summary>
    Wait,

    /// <summary>A person must act: reason and message say how.</summary>
    Stall,
    AddFinalizer,
    RemoveFinalizer,

    /// <summary>End it before it was admitted, as Failed.</summary>
    Refuse,

    /// <summary>End it before it was admitted, as Cancelled.</summary>
    RefuseCancelled,
    Admit,

    /// <summary>Find out the digest, then ask for the activation slot.</summary>
    Resolve,

    /// <summary>Ask for the activation slot with the image resolved before.</summary>
    TakeSlot,

    /// <summary>Have the image built: create the Job, and start the clock.</summary>
    StartBuild,
    BeginBuild,
    BeginPush,

    /// <summary>The image is in the registry: ask for the activation slot with it.</summary>
    Deliver,
    Activate,
    Fail,
    Cancel,

    /// <summary>End it because its stack is gone, if that is really so.</summary>
    CancelWithStack,

    /// <summary>Remove the Job of a release that is decided.</summary>
    RemoveJob,
}

/// <summary>What one pass does about a Deployment: at most one move. Pure; times are the caller's.</summary>
/// <param name="Step">The move.</param>
/// <param name="Reason">Why, as a PascalCase word.</param>
/// <param name="Message">Why, as a sentence.</param>
/// <param name="After">When to look again although nothing changed; null for never.</param>
/// <param name="DeadlineAt">When a wait for a turn is given up; kept in the status, so that it survives a restart.</param>
public sealed record Plan(Step Step, string Reason = "", string Message = "", TimeSpan? After = null, DateTimeOffset? DeadlineAt = null)
{
    public static Plan From(Observed observed, DateTimeOffset now)
    {
        if (observed.Deleting)
        {
            return OfDeleted(observed);
        }

        if (!observed.Deployment.Metadata.HasFinalizer(WellKnown.Finalizer))
        {
            return new Plan(Step.AddFinalizer);
        }

        if (observed.LedgerBehind)
        {
            return new Plan(Step.Stall, Reasons.LedgerBehind, LedgerBehindMessage(observed.Deployment), LookForRepair);
        }

        return observed.Release is { } release ? OfRelease(observed, release, now) : OfNewcomer(observed, now);
    }

    /// <summary>
    /// A wait for a turn, up to the stack's queueTimeoutSeconds. A deadline that passed while nobody could admit anything counts anew:
    /// the operator's outage, or the ledger's, is not the release's fault.
    /// </summary>
    public static Plan InQueue(Observed observed, string reason, string message, DateTimeOffset now, TimeSpan? after = null)
    {
        if (Deadlines.Queue(observed.Stack!.Spec) is not { } patience)
        {
            return new Plan(Step.Wait, reason, message, after);
        }

        var recorded = observed.Deployment.Status is { Version: null, DeadlineAt: { } at } ? at : (DateTimeOffset?)null;
        var deadline = recorded is null || recorded <= observed.AtWorkSince ? now + patience : recorded.Value;
        if (deadline <= now)
        {
            return new Plan(Step.Refuse, Reasons.Timeout, $"it was not its turn within {patience.TotalSeconds:0} s (spec.policy.queueTimeoutSeconds of the Stack): {message}");
        }

        var left = deadline - now;
        return new Plan(Step.Wait, reason, message, after < left ? after : left, deadline);
    }

    private static Plan OfDeleted(Observed observed)
    {
        const string Deleted = "the object was deleted before the release was active";
        if (!observed.Deployment.Metadata.HasFinalizer(WellKnown.Finalizer))
        {
            return new Plan(Step.Settle);
        }

        return observed.Release switch
        {
            null when observed.LedgerBehind => new Plan(Step.RemoveFinalizer),
            null => new Plan(Step.RefuseCancelled, Reasons.ObjectDeleted, Deleted),
            { Phase: var phase } when phase.IsInFlight() => new Plan(Step.Cancel, Reasons.ObjectDeleted, Deleted),
            _ when observed.HasJobToRemove => new Plan(Step.RemoveJob),
            _ => new Plan(Step.RemoveFinalizer),
        };
    }

    /// <summary>Not in the ledger yet: refuse it, let it wait, or admit it.</summary>
    private static Plan OfNewcomer(Observed observed, DateTimeOffset now)
    {
        var deployment = observed.Deployment;
        if (observed.SpecChanged)
        {
            return new Plan(Step.Stall, Reasons.SpecChanged, SpecChangedMessage);
        }

        if (SpecCheck.Of(deployment) is { } problem)
        {
            return new Plan(Step.Refuse, problem.Reason, problem.Message);
        }

        if (observed.BuildProblem is { } unbuildable)
        {
            return new Plan(Step.Refuse, unbuildable.Reason, unbuildable.Message);
        }

        if (observed.CancelAsked)
        {
            return new Plan(Step.RefuseCancelled, Reasons.Cancelled, "cancelled by spec.cancel before it was admitted");
        }

        return OfStack(observed) ?? OfTurn(observed, observed.Stack!, now);
    }

    /// <summary>What about the stack stands in the way; null when nothing does.</summary>
    private static Plan? OfStack(Observed observed)
    {
        var name = observed.Deployment.Spec.Stack;
        var bound = observed.Deployment.Status?.StackUid;
        if (bound is not null && observed.Stack?.Metadata.Uid != bound)
        {
            return new Plan(Step.RefuseCancelled, Reasons.StackDeleting, $"Stack {name}, which the release was bound to, was deleted");
        }

        return observed.Stack switch
        {
            null => new Plan(Step.Wait, Reasons.StackNotFound, $"waiting for Stack {name} in namespace {observed.Deployment.Metadata.Namespace}"),
            { Metadata.DeletionTimestamp: not null } => new Plan(Step.RefuseCancelled, Reasons.StackDeleting, $"Stack {name} is being deleted"),
            { Spec.Suspend: true } => new Plan(Step.Wait, Reasons.Suspended, $"Stack {name} is suspended (spec.suspend)"),
            { } stack when StackCheck.Of(stack) is { } problem => new Plan(Step.Wait, problem.Reason, $"Stack {name} cannot take releases: {problem.Message}"),
            _ when observed is { TeamProblem: { } waits, Deployment.Spec.Source.Rollback: null } => new Plan(Step.Wait, waits.Reason, $"Stack {name} takes no releases but rollbacks: {waits.Message}"),
            _ => null,
        };
    }

    private static Plan OfTurn(Observed observed, Stack stack, DateTimeOffset now)
    {
        // Under Parallel there are no turns, and under Supersede the ledger lets the later one win whoever is looked at first.
        if (stack.Spec.Policy?.Concurrency is Concurrency.Parallel or Concurrency.Supersede)
        {
            return new Plan(Step.Admit);
        }

        if (observed.Ahead is { } ahead)
        {
            // That the one before it is held up by the stack's variables or its team, which are nothing to a rollback, is told by nobody.
            return InQueue(
                observed,
                Reasons.WaitingForTurn,
                $"waiting for its turn; {ahead.Metadata.Name} is admitted before it",
                now,
                observed.Deployment.Spec.Source.Rollback is null ? null : LookForRepair);
        }

        var settling = TurnOrder.UntilSecondHasPassed(observed.Deployment, now);
        return settling > TimeSpan.Zero
            ? new Plan(Step.Wait, Reasons.WaitingForTurn, "waiting until everything created in the same second is known", settling)
            : new Plan(Step.Admit);
    }

    private static Plan OfRelease(Observed observed, ReleaseRow release, DateTimeOffset now)
    {
        if (release.Phase.IsInFlight() && observed.CancelAsked)
        {
            return new Plan(Step.Cancel, Reasons.Cancelled, "cancelled by spec.cancel");
        }

        if (release.Phase.IsInFlight() && !IsUid(release.StackUid, observed.Stack?.Metadata.Uid))
        {
            return new Plan(Step.CancelWithStack, Reasons.StackDeleting, $"Stack {release.StackName}, which the release was for, is gone");
        }

        return release.Phase switch
        {
            ReleasePhase.Pending when release.Build is not null => BuildPlan.From(observed, release, now),
            ReleasePhase.Pending when release.Source == ReleaseSourceKind.Image && release.SlotRequestedAt is null => new Plan(Step.Resolve),
            ReleasePhase.Pending => new Plan(Step.TakeSlot),
            ReleasePhase.Building or ReleasePhase.Pushing => BuildPlan.From(observed, release, now),
            ReleasePhase.Activating => OfActivating(observed, release, observed.Rollout!, now),
            ReleasePhase.Active or ReleasePhase.Superseded or ReleasePhase.RolledBack or ReleasePhase.Failed or ReleasePhase.Cancelled =>
                new Plan(observed.HasJobToRemove ? Step.RemoveJob : Step.Settle),
        };
    }

    private static bool IsUid(Guid? recorded, string? uid) => Guid.TryParse(uid, out var parsed) && parsed == recorded;

    /// <summary>What was observed counts before the deadline, so that nobody's outage fails a healthy release.</summary>
    private static Plan OfActivating(Observed observed, ReleaseRow release, Rollout rollout, DateTimeOffset now)
    {
        if (rollout.Kind == RolloutKind.Ready)
        {
            return new Plan(Step.Activate, rollout.Reason, rollout.Message);
        }

        if (rollout.Kind == RolloutKind.Progressing && observed.GiveUpAt is { } deadline)
        {
            return deadline <= now
                ? new Plan(Step.Fail, Reasons.ProgressDeadlineExceeded, rollout.Message)
                : new Plan(Step.Wait, rollout.Reason, rollout.Message, deadline - now);
        }

        return new Plan(Step.Wait, rollout.Reason, rollout.Message);
    }

    /// <summary>That the ledger has been repaired, or what somebody else waits for, is told by nobody.</summary>
    private static readonly TimeSpan LookForRepair = TimeSpan.FromSeconds(30);

    private static string LedgerBehindMessage(Crds.V1Alpha1.Deployments.Deployment deployment) =>
        $"the object shows a later state of {(deployment.Status!.Version is { } version ? $"version {version}" : "its release")} than the ledger has: it seems to be restored from an older backup; nothing is run again; run \"slipway ledger repair\"";

    internal const string SpecChangedMessage =
        "the spec was edited after the release had been seen; the edit is not followed: apply the former spec again, or make a new Deployment";
}
