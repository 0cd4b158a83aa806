using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Tests.Transport;

/// <summary>As much of a Lease as it takes to ask for one.</summary>
public sealed record TestLease : IResource<TestLease>
{
    public static ResourceType Type { get; } = new("coordination.k8s.io", "v1", "Lease", "leases");

    public static JsonTypeInfo<TestLease> Json => TestLeaseJson.Default.TestLease;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(TestLease))]
public sealed partial class TestLeaseJson : JsonSerializerContext;
