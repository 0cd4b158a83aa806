using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Resources;

/// <summary>The built-in <c>apps/v1</c> Deployment: a workload, not to be confused with a release of <c>slipway.dev</c>.</summary>
public sealed record V1Deployment : IResource<V1Deployment>
{
    public static ResourceType Type { get; } = new("apps", "v1", "Deployment", "deployments");

    public static JsonTypeInfo<V1Deployment> Json => KubernetesJson.Default.V1Deployment;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public V1DeploymentSpec? Spec { get; init; }

    public V1DeploymentStatus? Status { get; init; }
}

public sealed record V1DeploymentSpec
{
    /// <summary>Null is never sent, so that an autoscaler may own the number.</summary>
    public int? Replicas { get; init; }

    public V1LabelSelector? Selector { get; init; }

    public V1DeploymentStrategy? Strategy { get; init; }

    public int? MinReadySeconds { get; init; }

    public int? ProgressDeadlineSeconds { get; init; }

    public int? RevisionHistoryLimit { get; init; }

    /// <summary>The pod template as it is: a user's fields pass through whether or not this version knows them.</summary>
    public JsonElement? Template { get; init; }
}

public sealed record V1LabelSelector
{
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }
}

public sealed record V1DeploymentStrategy
{
    /// <summary><c>RollingUpdate</c> or <c>Recreate</c>.</summary>
    public string? Type { get; init; }

    public V1RollingUpdate? RollingUpdate { get; init; }
}

public sealed record V1RollingUpdate
{
    /// <summary>A number or a percentage.</summary>
    public JsonElement? MaxUnavailable { get; init; }

    /// <summary>A number or a percentage.</summary>
    public JsonElement? MaxSurge { get; init; }
}

public sealed record V1DeploymentStatus
{
    public long? ObservedGeneration { get; init; }

    public int? Replicas { get; init; }

    public int? UpdatedReplicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }

    public int? UnavailableReplicas { get; init; }

    public IReadOnlyList<V1WorkloadCondition>? Conditions { get; init; }
}

/// <summary>A condition of a built-in kind. Unlike ours, its reason and message may be missing.</summary>
public sealed record V1WorkloadCondition
{
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? LastTransitionTime { get; init; }
}
