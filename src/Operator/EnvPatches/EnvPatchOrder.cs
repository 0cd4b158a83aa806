using Slipway.Crds;
using Slipway.Crds.V1Alpha1.EnvPatches;

namespace Slipway.Operator.EnvPatches;

/// <summary>
/// The order in which patches of a stack that wait at the same time are merged: that of their creation. So one that had to be tried again
/// does not overwrite what a later one has set.
/// </summary>
public static class EnvPatchOrder
{
    /// <summary>Whose turn it is; null when none waits.</summary>
    public static EnvPatch? First(IEnumerable<EnvPatch> ofSameStack) =>
        ofSameStack.Where(IsWaiting).Order(Comparer<EnvPatch>.Create(Compare)).FirstOrDefault();

    /// <summary>Whether another patch is to be merged before this one.</summary>
    public static bool IsBehind(EnvPatch self, IEnumerable<EnvPatch> ofSameStack) =>
        ofSameStack.Any(other => other.Metadata.Uid != self.Metadata.Uid && IsWaiting(other) && Compare(other, self) < 0);

    /// <summary>Not decided, and not held up by what may never come.</summary>
    private static bool IsWaiting(EnvPatch patch) =>
        patch.Metadata.DeletionTimestamp is null
        && !EnvPatchStatusProjection.IsDecided(patch)
        && !EnvPatchStatusProjection.IsSpecChanged(patch)
        && patch.Status?.Reason is not (Reasons.SecretNotFound or Reasons.SecretNotLabelled or Reasons.InvalidEnvValue)
        && EnvPatchCheck.Of(patch) is null;

    private static int Compare(EnvPatch left, EnvPatch right)
    {
        var byTime = Nullable.Compare(left.Metadata.CreationTimestamp, right.Metadata.CreationTimestamp);
        return byTime != 0 ? byTime : string.CompareOrdinal(left.Metadata.Name, right.Metadata.Name);
    }
}
