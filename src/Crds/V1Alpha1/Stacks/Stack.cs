using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.Stacks;

/// <summary>One application in one environment: the thing that releases land on.</summary>
[Description("One application in one environment: the thing that releases land on.")]
[CustomResource("stack")]
[Cel("self.metadata.name.size() <= 63", "a Stack's name has at most 63 characters, because the workload, its Service and labels carry it")]
[Cel("self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')", "a Stack's name is a DNS label that begins with a letter, because its Service carries it")]
[PrinterColumn("Version", "string", ".status.activeVersion")]
[PrinterColumn("Image", "string", ".status.activeImage")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn("Deployment", "string", ".status.activeDeployment", Priority = 1)]
[PrinterColumn("Slug", "string", ".status.slug", Priority = 1)]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
public sealed record Stack : IResource<Stack>, IStatused<StackStatus>
{
    public static ResourceType Type { get; } = new(WellKnown.Group, WellKnown.Version, "Stack", "stacks");

    public static JsonTypeInfo<Stack> Json => CrdsJson.Default.Stack;

    public static JsonTypeInfo<StackStatus> StatusJson => CrdsJson.Default.StackStatus;

    public string ApiVersion { get; init; } = Type.ApiVersion;

    public string Kind { get; init; } = Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    [Description("How releases of the stack run: written by people, never by the operator.")]
    public required StackSpec Spec { get; init; }

    [Description("What was observed: what runs, what is in flight, and what was.")]
    public StackStatus? Status { get; init; }
}
