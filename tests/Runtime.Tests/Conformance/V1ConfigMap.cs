using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Runtime.Tests.Conformance;

/// <summary>The simplest built-in kind.</summary>
internal sealed record V1ConfigMap : IResource<V1ConfigMap>
{
    public static ResourceType Type { get; } = new("", "v1", "ConfigMap", "configmaps");

    public static JsonTypeInfo<V1ConfigMap> Json => ConfigMapJson.Default.V1ConfigMap;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public IReadOnlyDictionary<string, string>? Data { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(V1ConfigMap))]
internal sealed partial class ConfigMapJson : JsonSerializerContext;
