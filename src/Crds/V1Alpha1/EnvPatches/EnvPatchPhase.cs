namespace Slipway.Crds.V1Alpha1.EnvPatches;

/// <summary>Where a patch stands. The last two are final.</summary>
public enum EnvPatchPhase
{
    /// <summary>Waiting: for its stack, a Secret, its turn or the ledger. Nothing is written.</summary>
    Pending,

    /// <summary>Merged, once and for all.</summary>
    Applied,

    /// <summary>Refused; nothing was written, and nothing will be.</summary>
    Rejected,
}
