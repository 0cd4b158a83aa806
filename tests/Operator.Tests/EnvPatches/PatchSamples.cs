using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Ledger.Env;

namespace Slipway.Operator.Tests.EnvPatches;

/// <summary>Patches as the tests of decisions need them: valid, unless a test says otherwise.</summary>
internal static class PatchSamples
{
    /// <summary>What must never be told.</summary>
    public const string Value = "the-value";

    public static EnvPatch Patch(string name = "shop-log", DateTimeOffset? created = null, EnvPatchSpec? spec = null, EnvPatchStatus? status = null) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            Namespace = "prod",
            Uid = Guid.NewGuid().ToString(),
            Generation = 1,
            CreationTimestamp = created ?? Samples.Now,
            Finalizers = [WellKnown.Finalizer],
        },
        Spec = spec ?? Set(("A", Value)),
        Status = status,
    };

    public static EnvPatchSpec Set(params (string Key, string Value)[] variables) =>
        new() { Stack = "shop", Set = variables.ToDictionary(one => one.Key, one => one.Value) };

    public static EnvPatchRow Row(bool applied = true, string reason = "Applied") => new()
    {
        Uid = Guid.NewGuid(),
        StackUid = Samples.StackUid,
        Applied = applied,
        Reason = reason,
        Message = "what became of it",
        Revision = applied ? 7 : null,
        KeysSet = applied ? 1 : 0,
        KeysUnset = applied ? 2 : 0,
        TotalKeys = 3,
        TotalBytes = 40,
        Release = applied,
        Made = false,
    };
}
