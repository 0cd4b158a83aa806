using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Runtime.Tests;

/// <summary>A small kind with a status, for these tests only.</summary>
internal sealed record Widget : IResource<Widget>, IStatused<WidgetStatus>
{
    public static ResourceType Type { get; } = new("tests.slipway.dev", "v1", "Widget", "widgets");

    public static JsonTypeInfo<Widget> Json => WidgetJson.Default.Widget;

    public static JsonTypeInfo<WidgetStatus> StatusJson => WidgetJson.Default.WidgetStatus;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public WidgetSpec? Spec { get; init; }

    public WidgetStatus? Status { get; init; }

    public static Widget Named(string name, int version, string? uid = null, int size = 0) => new()
    {
        Metadata = new ObjectMeta { Namespace = "ns", Name = name, Uid = uid ?? $"uid-{name}", ResourceVersion = $"{version}", Generation = 1 },
        Spec = new WidgetSpec { Size = size },
    };

    public static NamespacedName Key(string name) => new("ns", name);

    public Widget With(Func<ObjectMeta, ObjectMeta> change) => this with { Metadata = change(Metadata) };

    public Widget OwnedBy(string name, string kind = "Gadget", string apiVersion = "tests.slipway.dev/v1") => With(metadata => metadata with
    {
        OwnerReferences = [new OwnerReference { ApiVersion = apiVersion, Kind = kind, Name = name, Uid = $"uid-{name}", Controller = true }],
    });

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

internal sealed record WidgetSpec
{
    public required int Size { get; init; }
}

internal sealed record WidgetStatus
{
    public string? Phase { get; init; }
}

/// <summary>A kind that owns widgets.</summary>
internal sealed record Gadget : IResource<Gadget>
{
    public static ResourceType Type { get; } = new("tests.slipway.dev", "v1", "Gadget", "gadgets");

    public static JsonTypeInfo<Gadget> Json => WidgetJson.Default.Gadget;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public static Gadget Named(string name, int version) => new()
    {
        Metadata = new ObjectMeta { Namespace = "ns", Name = name, Uid = $"uid-{name}", ResourceVersion = $"{version}" },
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(Widget))]
[JsonSerializable(typeof(Gadget))]
internal sealed partial class WidgetJson : JsonSerializerContext;
