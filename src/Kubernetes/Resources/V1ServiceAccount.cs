using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Resources;

/// <summary>Who a pod is, and with which secrets it pulls its images.</summary>
public sealed record V1ServiceAccount : IResource<V1ServiceAccount>
{
    public static ResourceType Type { get; } = new("", "v1", "ServiceAccount", "serviceaccounts");

    public static JsonTypeInfo<V1ServiceAccount> Json => KubernetesJson.Default.V1ServiceAccount;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public IReadOnlyList<V1LocalReference>? ImagePullSecrets { get; init; }
}

/// <summary>An object of the same namespace, by its name.</summary>
public sealed record V1LocalReference
{
    public string? Name { get; init; }
}
