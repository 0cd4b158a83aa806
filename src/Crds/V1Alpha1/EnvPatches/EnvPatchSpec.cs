using System.ComponentModel;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.EnvPatches;

/// <summary>
/// What to change. The bounds are far beyond what the cap of 64 KiB lets pass: they are there for CEL's estimate of what a
/// comparison costs. Keys have no pattern, so that a wrong one gets the operator's verdict, which says which one it is.
/// </summary>
[Cel("self == oldSelf", "an EnvPatch is immutable; make a new one")]
public sealed record EnvPatchSpec
{
    /// <summary>Schema of a list of variables' names.</summary>
    internal const string Names = """{"type":"array","maxItems":65536,"items":{"type":"string","maxLength":1048576}}""";

    [Description("Name of the Stack, in the same namespace, whose variables are changed.")]
    [Schema(MinLength = 1, MaxLength = 63)]
    public required string Stack { get; init; }

    [Description("Variables to set, by name. An empty value unsets. Wins over setFrom.")]
    [Schema(Override = """{"type":"object","maxProperties":65536,"additionalProperties":{"type":"string","maxLength":1048576}}""")]
    public IReadOnlyDictionary<string, string>? Set { get; init; }

    [Description("Secrets, in the same namespace, whose entries are set as variables; of a name in several of them the last one counts. They are read once, when the patch is merged.")]
    [Schema(MaxItems = 32)]
    public IReadOnlyList<EnvSecretSource>? SetFrom { get; init; }

    [Description("Names of variables to remove, those of the stack's spec.env included. One that is not there is no error.")]
    [Schema(Override = Names)]
    public IReadOnlyList<string>? Unset { get; init; }

    [Description("Names of variables of which everything that patches said is forgotten, so that the stack's spec.env counts again.")]
    [Schema(Override = Names)]
    public IReadOnlyList<string>? Reset { get; init; }

    [Description("Releases the active image again, with the changed variables, once nothing is in flight. False: the change waits for the next release.")]
    [Schema(Default = "true")]
    public bool? Release { get; init; }
}

public sealed record EnvSecretSource
{
    [Description("Name of the Secret. It must have the label slipway.dev/env: \"true\".")]
    [Schema(MinLength = 1, MaxLength = 253)]
    public required string Name { get; init; }

    [Description("Which of its entries are taken. Absent: all of them.")]
    [Schema(Override = EnvPatchSpec.Names)]
    public IReadOnlyList<string>? Keys { get; init; }
}
