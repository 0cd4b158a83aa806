using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Ledger.Env;
using Slipway.Operator.Releases;

namespace Slipway.Operator.EnvPatches;

/// <summary>What an EnvPatch's status says. Pure.</summary>
public static class EnvPatchStatusProjection
{
    private const string SpecChangedMessage =
        "the spec was edited after the patch had been seen; the edit is not followed: apply the former spec again, or make a new EnvPatch";

    /// <summary>Whether the status tells an end.</summary>
    public static bool IsDecided(EnvPatch patch) => patch.Status?.Phase is EnvPatchPhase.Applied or EnvPatchPhase.Rejected;

    /// <summary>It is decided in the ledger.</summary>
    /// <param name="patch">The object.</param>
    /// <param name="row">The decision.</param>
    /// <param name="deployment">Name of the Deployment that releases it; null if there is none.</param>
    /// <param name="now">The time.</param>
    public static EnvPatchStatus Decided(EnvPatch patch, EnvPatchRow row, string? deployment, DateTimeOffset now) =>
        Of(patch, row.Applied ? EnvPatchPhase.Applied : EnvPatchPhase.Rejected, row.Reason, row.Message, now) with
        {
            Revision = row.Revision,
            KeysSet = row.KeysSet,
            KeysUnset = row.KeysUnset,
            TotalKeys = row.TotalKeys,
            TotalBytes = row.TotalBytes,
            Deployment = deployment,
            StackUid = row.StackUid.ToString(),
        };

    /// <summary>It can never be merged, whatever the ledger says.</summary>
    public static EnvPatchStatus Rejected(EnvPatch patch, string reason, string message, DateTimeOffset now) =>
        Of(patch, EnvPatchPhase.Rejected, reason, message, now);

    /// <summary>It waits.</summary>
    /// <param name="patch">The object.</param>
    /// <param name="reason">What for, one PascalCase word.</param>
    /// <param name="message">The same for people.</param>
    /// <param name="stackUid">The stack that it is bound to; null while none was seen.</param>
    /// <param name="now">The time.</param>
    public static EnvPatchStatus Waiting(EnvPatch patch, string reason, string message, string? stackUid, DateTimeOffset now) =>
        Of(patch, EnvPatchPhase.Pending, reason, message, now) with { StackUid = patch.Status?.StackUid ?? stackUid };

    /// <summary>What is decided stays, and says that an edit is not followed; null when the status says all that already.</summary>
    public static EnvPatchStatus? Settled(EnvPatch patch, DateTimeOffset now)
    {
        var status = patch.Status!;
        if (status.ObservedGeneration == patch.Metadata.Generation)
        {
            return null;
        }

        return Of(patch, status.Phase!.Value, status.Reason ?? "", status.Message ?? "", now) with
        {
            Revision = status.Revision,
            KeysSet = status.KeysSet,
            KeysUnset = status.KeysUnset,
            TotalKeys = status.TotalKeys,
            TotalBytes = status.TotalBytes,
            Deployment = status.Deployment,
            StackUid = status.StackUid,
        };
    }

    private static EnvPatchStatus Of(EnvPatch patch, EnvPatchPhase phase, string reason, string message, DateTimeOffset now)
    {
        var hash = EnvPatchSpecHash.Of(patch.Spec);
        var recorded = patch.Status?.SpecHash ?? hash;
        var text = Text.Cut(message);
        var set = new ConditionSet(patch.Status?.Conditions, EnvPatchConditions.All, patch.Metadata.Generation ?? 0, now)
            .Set(WellKnown.Conditions.Ready, phase == EnvPatchPhase.Applied, reason, text);
        switch (phase)
        {
            case EnvPatchPhase.Pending when recorded == hash:
                set.Set(WellKnown.Conditions.Reconciling, true, reason, text);
                break;
            case EnvPatchPhase.Rejected:
                set.Set(WellKnown.Conditions.Stalled, true, reason, text);
                break;
        }

        if (recorded != hash)
        {
            set.Set(WellKnown.Conditions.Stalled, true, Reasons.SpecChanged, SpecChangedMessage);
        }

        return new EnvPatchStatus
        {
            ObservedGeneration = patch.Metadata.Generation,
            Phase = phase,
            Reason = reason,
            Message = text,
            SpecHash = recorded,
            Conditions = set.ToList(),
        };
    }

    /// <summary>Whether the spec is not the one that was seen first.</summary>
    public static bool IsSpecChanged(EnvPatch patch) =>
        patch.Status?.SpecHash is { } recorded && recorded != EnvPatchSpecHash.Of(patch.Spec);

    /// <summary>Of a patch that waits, and was edited.</summary>
    public static EnvPatchStatus SpecChanged(EnvPatch patch, DateTimeOffset now) =>
        Waiting(patch, Reasons.SpecChanged, SpecChangedMessage, null, now);
}
