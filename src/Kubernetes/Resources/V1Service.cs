using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Resources;

/// <summary>A stable address in front of pods.</summary>
public sealed record V1Service : IResource<V1Service>
{
    public static ResourceType Type { get; } = new("", "v1", "Service", "services");

    public static JsonTypeInfo<V1Service> Json => KubernetesJson.Default.V1Service;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public V1ServiceSpec? Spec { get; init; }
}

public sealed record V1ServiceSpec
{
    /// <summary><c>ClusterIP</c>, <c>NodePort</c>, <c>LoadBalancer</c> or <c>ExternalName</c>.</summary>
    public string? Type { get; init; }

    public IReadOnlyDictionary<string, string>? Selector { get; init; }

    public IReadOnlyList<V1ServicePort>? Ports { get; init; }

    [JsonPropertyName("clusterIP")]
    public string? ClusterIp { get; init; }
}

public sealed record V1ServicePort
{
    public string? Name { get; init; }

    public required int Port { get; init; }

    /// <summary>A port number or the name of a container's port.</summary>
    public JsonElement? TargetPort { get; init; }

    /// <summary>
    /// <c>TCP</c>, <c>UDP</c> or <c>SCTP</c>. Part of the list's merge key: an apply that leaves it out is refused by some servers.
    /// </summary>
    public string Protocol { get; init; } = "TCP";

    public int? NodePort { get; init; }
}
