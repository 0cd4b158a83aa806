using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Tests.Kinds;

/// <summary>The simplest built-in kind.</summary>
public sealed record V1ConfigMap : IResource<V1ConfigMap>
{
    public static ResourceType Type { get; } = new("", "v1", "ConfigMap", "configmaps");

    public static JsonTypeInfo<V1ConfigMap> Json => TestJson.Default.V1ConfigMap;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public IReadOnlyDictionary<string, string>? Data { get; init; }
}

/// <summary>A custom resource of the tests' own, with a status.</summary>
public sealed record Widget : IResource<Widget>, IStatused<WidgetStatus>
{
    public static ResourceType Type { get; } = new("tests.slipway.dev", "v1", "Widget", "widgets");

    public static JsonTypeInfo<Widget> Json => TestJson.Default.Widget;

    public static JsonTypeInfo<WidgetStatus> StatusJson => TestJson.Default.WidgetStatus;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public WidgetSpec? Spec { get; init; }

    public WidgetStatus? Status { get; init; }
}

public sealed record WidgetSpec
{
    public int? Size { get; init; }

    public string? Color { get; init; }
}

public sealed record WidgetStatus
{
    public string? Phase { get; init; }

    public string? Message { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(V1ConfigMap))]
[JsonSerializable(typeof(Widget))]
[JsonSerializable(typeof(WidgetStatus))]
public sealed partial class TestJson : JsonSerializerContext;
