using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Ledger;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Deployments;

/// <summary>What a Deployment's status says: its row in the ledger, and what is waited for. Pure.</summary>
public static class StatusProjection
{
    public static DeploymentStatus From(Observed observed, Plan plan, DateTimeOffset now)
    {
        if (observed.LedgerBehind && plan.Step == Step.Stall)
        {
            return WhileLedgerIsBehind(observed.Deployment, plan, now);
        }

        var status = observed.Release is { } release
            ? OfRelease(release)
            : new DeploymentStatus { Phase = DeploymentPhase.Pending, DeadlineAt = plan.DeadlineAt };
        return status with
        {
            ObservedGeneration = observed.Deployment.Metadata.Generation,
            SpecHash = observed.RecordedHash ?? observed.SpecHash,
            StackUid = StackUid(observed),
            Message = Message(observed, plan) is { Length: > 0 } message ? Text.Cut(message) : null,
            Conditions = Conditions(observed, plan, status, now),
        };
    }

    /// <summary>What ended before it had a stack is not bound to one that came later.</summary>
    private static string? StackUid(Observed observed) => observed.Release is { } release
        ? release.StackUid?.ToString() ?? observed.Deployment.Status?.StackUid
        : observed.Deployment.Status?.StackUid ?? observed.Stack?.Metadata.Uid;

    /// <summary>The ledger is away: what is known stays, and an unfinished release says what it waits for. Null when nothing is to be said.</summary>
    public static DeploymentStatus? WhileLedgerIsAway(Deployment deployment, DateTimeOffset now)
    {
        var known = deployment.Status;
        if (known?.Phase is { } phase && !phase.IsInFlight() && known.ObservedGeneration == deployment.Metadata.Generation)
        {
            return null;
        }

        const string Message = "the ledger (PostgreSQL) cannot be reached; what runs is untouched, and the release goes on when it is back";
        var conditions = new ConditionSet(known?.Conditions, DeploymentConditions.All, deployment.Metadata.Generation ?? 0, now)
            .Set(WellKnown.Conditions.Ready, false, Reasons.LedgerUnavailable, Message)
            .Set(WellKnown.Conditions.Reconciling, true, Reasons.LedgerUnavailable, Message);
        Keep(conditions, known);
        return (known ?? new DeploymentStatus()) with
        {
            Phase = known?.Phase ?? DeploymentPhase.Pending,
            ObservedGeneration = deployment.Metadata.Generation,
            SpecHash = known?.SpecHash ?? DeploymentSpecHash.Of(deployment.Spec),
            Message = Message,
            Conditions = conditions.ToList(),
        };
    }

    /// <summary>The ledger knows less than the status: what is known stays, to the letter, because it is what a repair reads.</summary>
    private static DeploymentStatus WhileLedgerIsBehind(Deployment deployment, Plan plan, DateTimeOffset now)
    {
        var known = deployment.Status!;
        var ready = known.Phase is { } phase && phase is DeploymentPhase.Active or DeploymentPhase.Superseded or DeploymentPhase.RolledBack;
        var conditions = new ConditionSet(known.Conditions, DeploymentConditions.All, deployment.Metadata.Generation ?? 0, now)
            .Set(WellKnown.Conditions.Ready, ready, plan.Reason, plan.Message)
            .Set(WellKnown.Conditions.Stalled, true, plan.Reason, plan.Message);
        Keep(conditions, known);
        return known with { ObservedGeneration = deployment.Metadata.Generation, Conditions = conditions.ToList() };
    }

    private static void Keep(ConditionSet conditions, DeploymentStatus? known)
    {
        foreach (var kept in (known?.Conditions ?? []).Where(condition => condition.Type is DeploymentConditions.VersionAllocated
            or DeploymentConditions.ImageBuilt or DeploymentConditions.ImagePushed or DeploymentConditions.WorkloadReady))
        {
            conditions.Set(kept.Type, kept.Status, kept.Reason, kept.Message);
        }
    }

    public static DeploymentPhase ToPhase(this ReleasePhase phase) => phase switch
    {
        ReleasePhase.Pending => DeploymentPhase.Pending,
        ReleasePhase.Building => DeploymentPhase.Building,
        ReleasePhase.Pushing => DeploymentPhase.Pushing,
        ReleasePhase.Activating => DeploymentPhase.Activating,
        ReleasePhase.Active => DeploymentPhase.Active,
        ReleasePhase.Superseded => DeploymentPhase.Superseded,
        ReleasePhase.RolledBack => DeploymentPhase.RolledBack,
        ReleasePhase.Failed => DeploymentPhase.Failed,
        ReleasePhase.Cancelled => DeploymentPhase.Cancelled,
    };

    private static DeploymentStatus OfRelease(ReleaseRow release) => new()
    {
        Phase = release.Phase.ToPhase(),
        Version = release.Version?.ToString(),
        ImageReference = release.ImageReference,
        StartedAt = release.StartedAt,
        FinishedAt = release.FinishedAt,
        DeadlineAt = release.Phase.IsInFlight() ? release.DeadlineAt : null,
        Transitions = [.. release.Transitions.Select(OfTransition)],
        Failure = release.Phase == ReleasePhase.Failed
            ? new ReleaseFailure { Reason = release.Reason, Message = Text.Cut(release.Message), LogTail = release.LogTail }
            : null,
        Allocation = release.Version is null
            ? null
            : new VersionAllocation { Attempts = release.Attempts, Collisions = release.Collisions },
        Revision = release.Revision,
        EnvRevision = release.EnvRevision,
        RollbackOf = release.RollbackOf?.ToString(),
        SupersededBy = release.SupersededBy?.ToString(),
    };

    private static PhaseTransition OfTransition(TransitionRow transition) => new()
    {
        From = transition.From?.ToPhase(),
        To = transition.To.ToPhase(),
        At = transition.At,
        Reason = transition.Reason.Length == 0 ? null : transition.Reason,
        Message = transition.Message.Length == 0 ? null : Text.Cut(transition.Message),
    };

    private static string Message(Observed observed, Plan plan)
    {
        if (observed.SpecChanged)
        {
            return Plan.SpecChangedMessage;
        }

        return plan.Message.Length > 0 ? plan.Message : observed.Release?.Message ?? "";
    }

    private static IReadOnlyList<Condition> Conditions(Observed observed, Plan plan, DeploymentStatus status, DateTimeOffset now)
    {
        var deployment = observed.Deployment;
        var phase = status.Phase!.Value;
        var set = new ConditionSet(deployment.Status?.Conditions, DeploymentConditions.All, deployment.Metadata.Generation ?? 0, now);
        var reason = Reason(observed, plan, phase);
        var message = Text.Cut(plan.Message.Length > 0 ? plan.Message : observed.Release?.Message is { Length: > 0 } said ? said : $"the release is {phase}");
        Kstatus(set, phase, plan.Step == Step.Stall, reason, message);
        if (observed.SpecChanged)
        {
            set.Set(WellKnown.Conditions.Stalled, true, Reasons.SpecChanged, Plan.SpecChangedMessage);
        }

        if (status.Version is { } version)
        {
            set.Set(DeploymentConditions.VersionAllocated, true, "Allocated", $"the release is version {version}");
        }

        ImageBuilt(set, observed.Release, reason, message);
        WorkloadReady(set, observed.Release, reason, message);
        return set.ToList();
    }

    /// <summary>The table of the design: what Ready, Reconciling and Stalled say in each phase.</summary>
    private static void Kstatus(ConditionSet set, DeploymentPhase phase, bool stalled, string reason, string message)
    {
        var (ready, reconciling, stuck) = phase switch
        {
            DeploymentPhase.Pending or DeploymentPhase.Building or DeploymentPhase.Pushing or DeploymentPhase.Activating => (false, !stalled, stalled),
            DeploymentPhase.Active or DeploymentPhase.Superseded or DeploymentPhase.RolledBack => (true, false, false),
            DeploymentPhase.Failed or DeploymentPhase.Cancelled => (false, false, true),
        };
        set.Set(WellKnown.Conditions.Ready, ready, ready ? phase.ToString() : reason, message);
        if (reconciling)
        {
            set.Set(WellKnown.Conditions.Reconciling, true, reason, message);
        }

        if (stuck)
        {
            set.Set(WellKnown.Conditions.Stalled, true, reason, message);
        }
    }

    /// <summary>Each of build and push is true once the release went beyond it, and false when it ended there.</summary>
    private static void ImageBuilt(ConditionSet set, ReleaseRow? release, string reason, string message)
    {
        if (release?.Build is null)
        {
            return;
        }

        Passed(DeploymentConditions.ImageBuilt, ReleasePhase.Building, ReleasePhase.Pushing, release.Revision is { } revision ? $"built from {revision}" : "the image was built");
        Passed(DeploymentConditions.ImagePushed, ReleasePhase.Pushing, ReleasePhase.Activating, $"the image is {release.ImageReference}");

        void Passed(string condition, ReleasePhase during, ReleasePhase after, string success)
        {
            if (release.Transitions.Any(transition => transition.To == after) || (after == ReleasePhase.Activating && release.Digest is not null))
            {
                set.Set(condition, true, condition, success);
            }
            else if (release.Transitions.Any(transition => transition.To == during))
            {
                set.Set(condition, false, reason, message);
            }
        }
    }

    private static void WorkloadReady(ConditionSet set, ReleaseRow? release, string reason, string message)
    {
        var activated = release?.Transitions.FirstOrDefault(transition => transition.To == ReleasePhase.Active);
        if (activated is not null)
        {
            set.Set(
                DeploymentConditions.WorkloadReady,
                true,
                activated.Reason.Length > 0 ? activated.Reason : Reasons.WorkloadReady,
                activated.Message.Length > 0 ? activated.Message : "every replica ran the release");
        }
        else if (release?.Transitions.Any(transition => transition.To == ReleasePhase.Activating) == true)
        {
            set.Set(DeploymentConditions.WorkloadReady, false, reason, message);
        }
    }

    private static string Reason(Observed observed, Plan plan, DeploymentPhase phase)
    {
        if (plan.Reason.Length > 0)
        {
            return plan.Reason;
        }

        return observed.Release?.Reason is { Length: > 0 } reason ? reason : phase.ToString();
    }

}
