using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Watching;

namespace Slipway.Kubernetes;

/// <summary>
/// Decodes one object and survives it: an object that does not fit its type becomes a report, and the reader stands
/// behind it in either case.
/// </summary>
internal static class ResourceDecoder
{
    public static T? Decode<T>(
        ref Utf8JsonReader reader, JsonTypeInfo<T> json, WatchEventType? eventType, out UndecodableObject? undecodable)
        where T : class, IResource
    {
        var start = reader;
        undecodable = null;
        try
        {
            return Named(JsonSerializer.Deserialize(ref reader, json));
        }
        catch (Exception error) when (IsMisfit(error))
        {
            // What is not JSON at all fails here a second time, and that is the stream's fault, not the object's.
            reader = start;
            reader.Skip();
            var partial = PartialResource.Read(start);
            undecodable = new UndecodableObject(eventType, partial.Key, partial.ResourceVersion, error.Message);
            return null;
        }
    }

    /// <summary>Every object has metadata and a name; whoever keeps objects by their key relies on it.</summary>
    private static T Named<T>(T? decoded)
        where T : class, IResource =>
        string.IsNullOrEmpty(decoded?.Metadata?.Name) ? throw new JsonException("The object has no name: $.metadata.name is missing.") : decoded;

    /// <summary>
    /// Besides JsonException: a converter or constructor that rejects a value throws one of the others.
    /// </summary>
    public static bool IsMisfit(Exception error) =>
        error is JsonException
            or FormatException
            or InvalidOperationException
            or NotSupportedException
            or ArgumentException
            or OverflowException;
}
