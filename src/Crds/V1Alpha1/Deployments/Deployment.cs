using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.Deployments;

/// <summary>One release attempt. Shares its kind with apps/v1: always print it as <c>deployments.slipway.dev</c>.</summary>
[Description("One release attempt of a Stack. The server does the rest: version, image, rollout, activation and record.")]
[CustomResource("deployment", "rel")]
[Cel("self.metadata.name.size() <= 63", "a Deployment's name has at most 63 characters")]
[PrinterColumn("Stack", "string", ".spec.stack")]
[PrinterColumn("Version", "string", ".status.version")]
[PrinterColumn("Phase", "string", ".status.phase")]
[PrinterColumn("Image", "string", ".status.imageReference")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn("Message", "string", ".status.message", Priority = 1)]
[PrinterColumn("Requested-By", "string", ".spec.requestedBy", Priority = 1)]
[PrinterColumn("Rollback-Of", "string", ".status.rollbackOf", Priority = 1)]
public sealed record Deployment : IResource<Deployment>, IStatused<DeploymentStatus>
{
    public static ResourceType Type { get; } = new(WellKnown.Group, WellKnown.Version, "Deployment", "deployments");

    public static JsonTypeInfo<Deployment> Json => CrdsJson.Default.Deployment;

    public static JsonTypeInfo<DeploymentStatus> StatusJson => CrdsJson.Default.DeploymentStatus;

    public string ApiVersion { get; init; } = Type.ApiVersion;

    public string Kind { get; init; } = Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    [Description("What to release, and on which stack. Immutable but for cancel.")]
    public required DeploymentSpec Spec { get; init; }

    [Description("What was observed of the release.")]
    public DeploymentStatus? Status { get; init; }
}
