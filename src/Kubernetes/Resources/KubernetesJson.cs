using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Faults;

namespace Slipway.Kubernetes.Resources;

/// <summary>The JSON contract of the built-in kinds we touch and of the API's own messages.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(TimestampConverter), typeof(PooledStringConverter)])]
[JsonSerializable(typeof(V1Deployment))]
[JsonSerializable(typeof(V1Job))]
[JsonSerializable(typeof(V1Pod))]
[JsonSerializable(typeof(V1Service))]
[JsonSerializable(typeof(V1Secret))]
[JsonSerializable(typeof(V1ServiceAccount))]
[JsonSerializable(typeof(V1Namespace))]
[JsonSerializable(typeof(V1Node))]
[JsonSerializable(typeof(V1Event))]
[JsonSerializable(typeof(V1Lease))]
[JsonSerializable(typeof(ApiStatus))]
[JsonSerializable(typeof(ServerVersion))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonObject))]
public sealed partial class KubernetesJson : JsonSerializerContext;
