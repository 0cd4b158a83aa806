using System.Globalization;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Ledger.Env;

namespace Slipway.Operator.EnvPatches;

/// <summary>What the ledger is told of an EnvPatch.</summary>
public static class EnvPatchRequests
{
    /// <summary>Without the values of its Secrets.</summary>
    /// <param name="patch">The object.</param>
    /// <param name="stackUid">The stack that it is bound to.</param>
    public static EnvPatchRequest Of(EnvPatch patch, string stackUid) => new()
    {
        Uid = Guid.Parse(patch.Metadata.Uid!, CultureInfo.InvariantCulture),
        Namespace = patch.Metadata.Namespace!,
        Name = patch.Metadata.Name!,
        StackUid = Guid.Parse(stackUid, CultureInfo.InvariantCulture),
        Spec = EnvPatchSpecHash.Of(patch.Spec),
        RerunToken = patch.Metadata.Annotation(WellKnown.Annotations.Rerun) ?? "",
        Change = EnvPatchCheck.ChangeOf(patch.Spec, new Dictionary<string, string>()),
        Release = patch.Spec.Release ?? true,
    };
}
