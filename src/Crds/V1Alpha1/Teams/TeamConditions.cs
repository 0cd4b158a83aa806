namespace Slipway.Crds.V1Alpha1.Teams;

/// <summary>Condition types of a Team.</summary>
public static class TeamConditions
{
    public static readonly IReadOnlyList<string> All =
    [
        WellKnown.Conditions.Ready, WellKnown.Conditions.Reconciling, WellKnown.Conditions.Stalled, WellKnown.Conditions.SlugAllocated,
    ];
}
