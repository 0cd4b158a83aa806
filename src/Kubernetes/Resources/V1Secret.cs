using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Resources;

/// <summary>Named bytes that only those with the right may read. Nothing of it belongs into a message.</summary>
public sealed record V1Secret : IResource<V1Secret>
{
    public static ResourceType Type { get; } = new("", "v1", "Secret", "secrets");

    public static JsonTypeInfo<V1Secret> Json => KubernetesJson.Default.V1Secret;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>For example <c>Opaque</c> or <c>kubernetes.io/dockerconfigjson</c>.</summary>
    [JsonPropertyName("type")]
    public string? SecretType { get; init; }

    /// <summary>Once true, neither data nor this flag can be changed any more.</summary>
    public bool? Immutable { get; init; }

    /// <summary>The values, decoded from base64.</summary>
    public IReadOnlyDictionary<string, byte[]>? Data { get; init; }
}
