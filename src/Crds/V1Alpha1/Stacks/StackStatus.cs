using System.ComponentModel;
using Slipway.Crds.Meta;
using Slipway.Crds.Meta.Schema;
using Slipway.Crds.V1Alpha1.Deployments;

namespace Slipway.Crds.V1Alpha1.Stacks;

/// <summary>What runs, what is in flight, and what was.</summary>
public sealed record StackStatus
{
    [Description("Generation of the spec that this status was computed from; -1 until the object was first looked at.")]
    public long? ObservedGeneration { get; init; }

    [Description("The stack's unique handle among stacks, for people, URLs and the command line; nothing at run time depends on it. Never changes.")]
    public string? Slug { get; init; }

    [Description("Version that is active.")]
    public string? ActiveVersion { get; init; }

    [Description("Name of the Deployment (deployments.slipway.dev) that is active.")]
    public string? ActiveDeployment { get; init; }

    [Description("Image that is active, with its digest.")]
    public string? ActiveImage { get; init; }

    [Description("The newest revision of the stack's environment variables, which the next release runs with; absent when there never were any.")]
    public long? EnvRevision { get; init; }

    [Description("Names of the variables in that revision, in order; never their values.")]
    public IReadOnlyList<string>? EnvKeys { get; init; }

    [Description("Names of the variables in spec.env that an EnvPatch has replaced or hidden, in order; never their values.")]
    public IReadOnlyList<string>? OverriddenKeys { get; init; }

    [Description("Releases that are admitted and not yet decided: the stack's lock, readable.")]
    [Schema(ListMapKey = "deployment")]
    public IReadOnlyList<InFlightRelease>? InFlight { get; init; }

    [Description("The newest releases, newest first; spec.policy.historyLimit says how many.")]
    public IReadOnlyList<ReleaseSummary>? Releases { get; init; }

    [Description("Ready, Reconciling and Stalled (kstatus), and SlugAllocated.")]
    [Schema(ListMapKey = "type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

public sealed record InFlightRelease
{
    [Description("Name of the Deployment (deployments.slipway.dev).")]
    public required string Deployment { get; init; }

    [Description("Its version.")]
    public string? Version { get; init; }

    [Description("Its phase.")]
    public required DeploymentPhase Phase { get; init; }

    [Description("When it was admitted.")]
    public DateTimeOffset? Since { get; init; }

    [Description("Who asked for it.")]
    public string? RequestedBy { get; init; }

    [Description("When its present phase is given up.")]
    public DateTimeOffset? Deadline { get; init; }
}

public sealed record ReleaseSummary
{
    [Description("Its version.")]
    public string? Version { get; init; }

    [Description("Name of its Deployment (deployments.slipway.dev).")]
    public required string Deployment { get; init; }

    [Description("Its phase.")]
    public required DeploymentPhase Phase { get; init; }

    [Description("Its image.")]
    public string? Image { get; init; }

    [Description("When it became active, or ended without.")]
    public DateTimeOffset? FinishedAt { get; init; }
}
