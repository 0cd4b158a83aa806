namespace Slipway.Crds.V1Alpha1.Stacks;

/// <summary>Condition types of a Stack.</summary>
public static class StackConditions
{
    public static readonly IReadOnlyList<string> All =
    [
        WellKnown.Conditions.Ready, WellKnown.Conditions.Reconciling, WellKnown.Conditions.Stalled, WellKnown.Conditions.SlugAllocated,
    ];
}
