namespace Slipway.Crds.V1Alpha1.EnvPatches;

/// <summary>Condition types of an EnvPatch.</summary>
public static class EnvPatchConditions
{
    public static readonly IReadOnlyList<string> All =
        [WellKnown.Conditions.Ready, WellKnown.Conditions.Reconciling, WellKnown.Conditions.Stalled];
}
