using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Resources;

/// <summary>Something that happened, told to people (<c>events.k8s.io/v1</c>).</summary>
public sealed record V1Event : IResource<V1Event>
{
    public static ResourceType Type { get; } = new("events.k8s.io", "v1", "Event", "events");

    public static JsonTypeInfo<V1Event> Json => KubernetesJson.Default.V1Event;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>When it happened first.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>Null while it happened once.</summary>
    public V1EventSeries? Series { get; init; }

    /// <summary>Who tells it, for example <c>example.com/operator</c>.</summary>
    public string? ReportingController { get; init; }

    /// <summary>Which of its processes; at most 128 characters.</summary>
    public string? ReportingInstance { get; init; }

    /// <summary>What was done; at most 128 characters.</summary>
    public string? Action { get; init; }

    /// <summary>Why; at most 128 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>The object it is about.</summary>
    public V1ObjectReference? Regarding { get; init; }

    /// <summary>A sentence; at most 1024 bytes.</summary>
    public string? Note { get; init; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    [JsonPropertyName("type")]
    public string? EventType { get; init; }
}

/// <summary>The same event again and again.</summary>
public sealed record V1EventSeries
{
    /// <summary>How often, the first time included; at least 2.</summary>
    public required int Count { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public required DateTimeOffset LastObservedTime { get; init; }
}

/// <summary>A reference to any object.</summary>
public sealed record V1ObjectReference
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }
}
