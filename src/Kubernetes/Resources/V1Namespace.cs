using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Resources;

/// <summary>A namespace.</summary>
public sealed record V1Namespace : IResource<V1Namespace>
{
    public static ResourceType Type { get; } = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    public static JsonTypeInfo<V1Namespace> Json => KubernetesJson.Default.V1Namespace;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public V1NamespaceStatus? Status { get; init; }
}

public sealed record V1NamespaceStatus
{
    /// <summary><c>Active</c> or <c>Terminating</c>; nothing can be created in the latter.</summary>
    public string? Phase { get; init; }
}
