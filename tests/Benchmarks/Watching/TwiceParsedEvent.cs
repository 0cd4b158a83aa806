using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Kubernetes.Resources;

namespace Slipway.Benchmarks.Watching;

/// <summary>
/// A watch event as the common .NET client reads it: the line becomes a string, is parsed once to see what it is, and
/// once more as a whole. Into the same types as ours: its own, complete ones take more of both time and memory.
/// </summary>
internal sealed record TwiceParsedEvent<T>(string Type, T Object)
    where T : class
{
    public static TwiceParsedEvent<T>? Parse(string line, JsonTypeInfo<TwiceParsedEvent<T>> json)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("type").GetString() == "ERROR"
            || document.RootElement.GetProperty("object").GetProperty("kind").GetString() == "Status"
            ? throw new InvalidDataException(line)
            : JsonSerializer.Deserialize(line, json);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(TwiceParsedEvent<V1Pod>))]
[JsonSerializable(typeof(TwiceParsedEvent<Deployment>))]
internal sealed partial class TwiceParsedJson : JsonSerializerContext;
