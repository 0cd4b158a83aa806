using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Resources;

/// <summary>A pod: where it runs, what it runs, and what became of it.</summary>
public sealed record V1Pod : IResource<V1Pod>
{
    public static ResourceType Type { get; } = new("", "v1", "Pod", "pods");

    public static JsonTypeInfo<V1Pod> Json => KubernetesJson.Default.V1Pod;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public V1PodSpec? Spec { get; init; }

    public V1PodStatus? Status { get; init; }
}

public sealed record V1PodSpec
{
    public string? NodeName { get; init; }

    public string? ServiceAccountName { get; init; }

    public IReadOnlyList<V1Container>? InitContainers { get; init; }

    public IReadOnlyList<V1Container>? Containers { get; init; }

    public IReadOnlyList<V1LocalReference>? ImagePullSecrets { get; init; }
}

public sealed record V1Container
{
    public required string Name { get; init; }

    public string? Image { get; init; }
}

public sealed record V1PodStatus
{
    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>.</summary>
    public string? Phase { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<V1WorkloadCondition>? Conditions { get; init; }

    public IReadOnlyList<V1ContainerStatus>? InitContainerStatuses { get; init; }

    public IReadOnlyList<V1ContainerStatus>? ContainerStatuses { get; init; }
}
