using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.Teams;

/// <summary>Who answers for stacks: a directory entry, which grants nothing.</summary>
[Description("Who answers for Stacks: an entry in a directory, with one owner at every moment. It grants nothing; Kubernetes RBAC does.")]
[CustomResource("team")]
[PrinterColumn("Slug", "string", ".status.slug")]
[PrinterColumn("Owner", "string", ".status.owner")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn("Display-Name", "string", ".spec.displayName", Priority = 1)]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
public sealed record Team : IResource<Team>, IStatused<TeamStatus>
{
    public static ResourceType Type { get; } = new(WellKnown.Group, WellKnown.Version, "Team", "teams", Namespaced: false);

    public static JsonTypeInfo<Team> Json => CrdsJson.Default.Team;

    public static JsonTypeInfo<TeamStatus> StatusJson => CrdsJson.Default.TeamStatus;

    public string ApiVersion { get; init; } = Type.ApiVersion;

    public string Kind { get; init; } = Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    [Description("Who the team is: written by people, never by the operator.")]
    public required TeamSpec Spec { get; init; }

    [Description("What was made of it.")]
    public TeamStatus? Status { get; init; }
}
