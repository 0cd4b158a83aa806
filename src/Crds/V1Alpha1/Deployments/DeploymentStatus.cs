using System.ComponentModel;
using Slipway.Crds.Meta;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.Deployments;

/// <summary>What was observed of the release: a projection of its row in the ledger.</summary>
public sealed record DeploymentStatus
{
    [Description("Generation of the spec that this status was computed from; -1 until the object was first looked at.")]
    public long? ObservedGeneration { get; init; }

    [Description("Where the release stands.")]
    public DeploymentPhase? Phase { get; init; }

    [Description("Version of the release, YYYYMMDD.N in UTC; absent until the release is admitted.")]
    public string? Version { get; init; }

    [Description("The image that is released, with its digest once that is known.")]
    public string? ImageReference { get; init; }

    [Description("What is happening, or what happened, in a sentence.")]
    public string? Message { get; init; }

    [Description("When the release was admitted.")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description("When the release became active, or ended without.")]
    public DateTimeOffset? FinishedAt { get; init; }

    [Description("When the present phase, or the wait for a turn, is given up, unless what it waits for has been seen by then.")]
    public DateTimeOffset? DeadlineAt { get; init; }

    [Description("Every change of phase, oldest first.")]
    public IReadOnlyList<PhaseTransition>? Transitions { get; init; }

    [Description("Why the release failed.")]
    public ReleaseFailure? Failure { get; init; }

    [Description("How the version was allocated.")]
    public VersionAllocation? Allocation { get; init; }

    [Description("The commit, or the digest of the artifact, that was built.")]
    public string? Revision { get; init; }

    [Description("Revision of the stack's environment variables that the release runs with, fixed when it is admitted; absent when the stack never had any.")]
    public long? EnvRevision { get; init; }

    [Description("Version that this release restores.")]
    public string? RollbackOf { get; init; }

    [Description("Version of the release that took over.")]
    public string? SupersededBy { get; init; }

    [Description("Hash of the spec as first seen; a later edit is not followed.")]
    public string? SpecHash { get; init; }

    [Description("UID of the Stack that the release was bound to at first sight.")]
    public string? StackUid { get; init; }

    [Description("Ready, Reconciling, Stalled (kstatus), VersionAllocated, ImageBuilt, ImagePushed and WorkloadReady.")]
    [Schema(ListMapKey = "type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

public sealed record PhaseTransition
{
    [Description("Phase before; absent for the first.")]
    public DeploymentPhase? From { get; init; }

    [Description("Phase after.")]
    public required DeploymentPhase To { get; init; }

    [Description("When.")]
    public required DateTimeOffset At { get; init; }

    [Description("A PascalCase word for programs.")]
    public string? Reason { get; init; }

    [Description("A sentence for people.")]
    public string? Message { get; init; }
}

public sealed record ReleaseFailure
{
    [Description("A PascalCase word that says who is at fault.")]
    public required string Reason { get; init; }

    [Description("What happened, with the pod's own cause; at most 4 KiB.")]
    public required string Message { get; init; }

    [Description("The last lines that the failing container logged.")]
    public string? LogTail { get; init; }
}

public sealed record VersionAllocation
{
    [Description("How often the version was tried.")]
    public required int Attempts { get; init; }

    [Description("How often another release had taken the version first.")]
    public required int Collisions { get; init; }
}
