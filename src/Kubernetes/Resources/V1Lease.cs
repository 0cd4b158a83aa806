using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Resources;

/// <summary>A lease (<c>coordination.k8s.io/v1</c>): who holds something, for how long without a sign of life.</summary>
public sealed record V1Lease : IResource<V1Lease>
{
    public static ResourceType Type { get; } = new("coordination.k8s.io", "v1", "Lease", "leases");

    public static JsonTypeInfo<V1Lease> Json => KubernetesJson.Default.V1Lease;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public V1LeaseSpec? Spec { get; init; }
}

/// <summary>What a holder writes. Newer servers know more members; those are never touched.</summary>
public sealed record V1LeaseSpec
{
    /// <summary>Who holds it; null or empty when nobody does.</summary>
    public string? HolderIdentity { get; init; }

    /// <summary>How long others must see no change before they may take it, in seconds.</summary>
    public int? LeaseDurationSeconds { get; init; }

    /// <summary>When the holder got it, by the holder's clock. For people only.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    /// <summary>When the holder last said that it lives, by the holder's clock. For people only.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    /// <summary>How often it has been taken since it was created.</summary>
    public int? LeaseTransitions { get; init; }
}
