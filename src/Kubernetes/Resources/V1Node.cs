using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Resources;

/// <summary>A machine that runs pods.</summary>
public sealed record V1Node : IResource<V1Node>
{
    public static ResourceType Type { get; } = new("", "v1", "Node", "nodes", Namespaced: false);

    public static JsonTypeInfo<V1Node> Json => KubernetesJson.Default.V1Node;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public V1NodeSpec? Spec { get; init; }

    public V1NodeStatus? Status { get; init; }
}

public sealed record V1NodeSpec
{
    public bool? Unschedulable { get; init; }

    public IReadOnlyList<V1Taint>? Taints { get; init; }
}

public sealed record V1Taint
{
    public required string Key { get; init; }

    public string? Value { get; init; }

    /// <summary><c>NoSchedule</c>, <c>PreferNoSchedule</c> or <c>NoExecute</c>.</summary>
    public required string Effect { get; init; }
}

public sealed record V1NodeStatus
{
    public IReadOnlyList<V1WorkloadCondition>? Conditions { get; init; }

    public IReadOnlyList<V1NodeAddress>? Addresses { get; init; }
}

public sealed record V1NodeAddress
{
    /// <summary><c>InternalIP</c>, <c>ExternalIP</c> or <c>Hostname</c>.</summary>
    public required string Type { get; init; }

    public required string Address { get; init; }
}
