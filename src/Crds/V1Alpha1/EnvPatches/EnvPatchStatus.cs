using System.ComponentModel;
using Slipway.Crds.Meta;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.EnvPatches;

/// <summary>What became of the change: names, numbers and words, never a value.</summary>
public sealed record EnvPatchStatus
{
    [Description("Generation of the spec that this status was computed from; -1 until the object was first looked at.")]
    public long? ObservedGeneration { get; init; }

    [Description("Where the patch stands. Applied and Rejected are final.")]
    public EnvPatchPhase? Phase { get; init; }

    [Description("A PascalCase word for programs: what is waited for, or why the patch was refused; Applied once it is merged.")]
    public string? Reason { get; init; }

    [Description("The same in a sentence, for people.")]
    public string? Message { get; init; }

    [Description("Revision of the stack's variables that the patch made; the present one if it changed nothing. Absent when there is none.")]
    public long? Revision { get; init; }

    [Description("How many variables are new, or have another value, because of the patch.")]
    public int? KeysSet { get; init; }

    [Description("How many variables were there and are gone because of the patch.")]
    public int? KeysUnset { get; init; }

    [Description("How many variables the stack has after the patch.")]
    public int? TotalKeys { get; init; }

    [Description("Size of the stack's variables after the patch, in bytes of compact JSON; at most 65536.")]
    public int? TotalBytes { get; init; }

    [Description("Name of the Deployment (deployments.slipway.dev) that releases the change.")]
    public string? Deployment { get; init; }

    [Description("Hash of the spec as first seen; a later edit is not followed.")]
    public string? SpecHash { get; init; }

    [Description("UID of the Stack that the patch was bound to at first sight.")]
    public string? StackUid { get; init; }

    [Description("Ready, Reconciling and Stalled (kstatus).")]
    [Schema(ListMapKey = "type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
