using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.EnvPatches;

/// <summary>One atomic change to a stack's environment variables.</summary>
[Description("One atomic change to a Stack's environment variables. It is merged once, whatever is applied again, and then released.")]
[CustomResource("envpatch", "envp")]
[Cel("self.metadata.name.size() <= 63", "an EnvPatch's name has at most 63 characters")]
[PrinterColumn("Stack", "string", ".spec.stack")]
[PrinterColumn("Phase", "string", ".status.phase")]
[PrinterColumn("Revision", "integer", ".status.revision")]
[PrinterColumn("Set", "integer", ".status.keysSet")]
[PrinterColumn("Unset", "integer", ".status.keysUnset")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn("Message", "string", ".status.message", Priority = 1)]
[PrinterColumn("Release", "string", ".status.deployment", Priority = 1)]
public sealed record EnvPatch : IResource<EnvPatch>, IStatused<EnvPatchStatus>
{
    public static ResourceType Type { get; } = new(WellKnown.Group, WellKnown.Version, "EnvPatch", "envpatches");

    public static JsonTypeInfo<EnvPatch> Json => CrdsJson.Default.EnvPatch;

    public static JsonTypeInfo<EnvPatchStatus> StatusJson => CrdsJson.Default.EnvPatchStatus;

    public string ApiVersion { get; init; } = Type.ApiVersion;

    public string Kind { get; init; } = Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    [Description("What to change, and on which stack. Immutable.")]
    public required EnvPatchSpec Spec { get; init; }

    [Description("What became of the change. Names and counts, never values.")]
    public EnvPatchStatus? Status { get; init; }
}
