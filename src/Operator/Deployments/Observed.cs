using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Builds;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Deployments;

/// <summary>Everything one pass reads about a Deployment, before anything is decided.</summary>
public sealed record Observed
{
    public required Deployment Deployment { get; init; }

    public required string SpecHash { get; init; }

    /// <summary>The release of this object, or of a former object of the same name and spec; null while there is none.</summary>
    public ReleaseRow? Release { get; init; }

    /// <summary>The stack it is for, if it exists.</summary>
    public Stack? Stack { get; init; }

    /// <summary>What the stack waits for, of its team; null when it waits for nothing.</summary>
    public StackProblem? TeamProblem { get; init; }

    /// <summary>The Deployment that goes first, if it is not this one's turn.</summary>
    public Deployment? Ahead { get; init; }

    /// <summary>What can be seen of the workload, while the release is Activating.</summary>
    public Rollout? Rollout { get; init; }

    /// <summary>Why this operator can build nothing for it; null when it can, or need not.</summary>
    public SpecProblem? BuildProblem { get; init; }

    /// <summary>The Job of its build, if there is one.</summary>
    public V1Job? Job { get; init; }

    /// <summary>There is one that is not on its way out already.</summary>
    public bool HasJobToRemove => Job is { Metadata.DeletionTimestamp: null };

    /// <summary>What can be seen of its build, while the release is built.</summary>
    public BuildProgress? Build { get; init; }

    /// <summary>The release was made for a former object of the same name and spec.</summary>
    public bool TakenOver => Release is { } release && release.Uid.ToString() != Deployment.Metadata.Uid;

    public bool Deleting => Deployment.Metadata.DeletionTimestamp is not null;

    public bool CancelAsked => Deleting || Deployment.Spec.Cancel == true;

    /// <summary>The hash that the release is held to: the ledger's, else what the status remembers of first sight.</summary>
    public string? RecordedHash => Release?.SpecHash ?? Deployment.Status?.SpecHash;

    public bool SpecChanged => RecordedHash is { } recorded && recorded != SpecHash;

    /// <summary>
    /// The status shows more than the ledger knows, a version or a transition: the ledger was restored from an older backup. A status
    /// is only ever written from the ledger, also that of a release that was refused.
    /// </summary>
    public bool LedgerBehind => Release is { } release
        ? Deployment.Status?.Transitions?.Count > release.Transitions.Count
        : Deployment.Status is { Version: not null } or { Transitions.Count: > 0 };

    /// <summary>Since when this operator works and has its ledger: what passed before is not the release's fault.</summary>
    public DateTimeOffset AtWorkSince { get; init; } = DateTimeOffset.MinValue;

    /// <summary>
    /// When the present phase is given up: its deadline, and after an outage of the operator or the ledger a little later, so that all
    /// that has happened meanwhile is seen first. Null when no clock runs.
    /// </summary>
    public DateTimeOffset? GiveUpAt => Release?.DeadlineAt is { } deadline
        ? deadline < AtWorkSince + Deadlines.AfterOutage ? AtWorkSince + Deadlines.AfterOutage : deadline
        : null;
}
