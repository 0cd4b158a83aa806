using System.ComponentModel;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.Meta;

/// <summary>One observation about an object, in the form of <c>metav1.Condition</c>.</summary>
public sealed record Condition
{
    [Description("Type of the condition, for example Ready.")]
    [Schema(MaxLength = 316, Pattern = @"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$")]
    public required string Type { get; init; }

    [Description("True, False or Unknown.")]
    public required ConditionStatus Status { get; init; }

    [Description("Generation of the spec that this condition was computed from.")]
    [Schema(Minimum = 0)]
    public long? ObservedGeneration { get; init; }

    [Description("When the status last changed from one value to another.")]
    public required DateTimeOffset LastTransitionTime { get; init; }

    [Description("A PascalCase word for programs: why the condition has this status.")]
    [Schema(MinLength = 1, MaxLength = 1024, Pattern = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")]
    public required string Reason { get; init; }

    [Description("A sentence for people: why the condition has this status, and what to do.")]
    [Schema(MaxLength = 32768)]
    public required string Message { get; init; }
}

public enum ConditionStatus
{
    True,
    False,
    Unknown,
}
