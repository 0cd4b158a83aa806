using System.ComponentModel;
using Slipway.Crds.Meta;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.Teams;

/// <summary>What was made of the team.</summary>
public sealed record TeamStatus
{
    [Description("Generation of the spec that this status was computed from; -1 until the object was first looked at.")]
    public long? ObservedGeneration { get; init; }

    [Description("The team's unique handle among teams, for people, URLs and the command line. Never changes.")]
    public string? Slug { get; init; }

    [Description("Who owns the team: spec.owner, unless that was refused.")]
    public string? Owner { get; init; }

    [Description("Ready, Reconciling and Stalled (kstatus), and SlugAllocated.")]
    [Schema(ListMapKey = "type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
