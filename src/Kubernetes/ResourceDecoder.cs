using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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
        where T : class
    {
        var start = reader;
        undecodable = null;
        try
        {
            return JsonSerializer.Deserialize(ref reader, json) ?? throw new JsonException("The object is null.");
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
