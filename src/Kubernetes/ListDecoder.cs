using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes;

/// <summary>Decodes a list object by object, straight from the bytes, so that a malformed one costs only itself.</summary>
internal static class ListDecoder
{
    /// <exception cref="JsonException">The answer is not a list.</exception>
    public static ResourceList<T> Decode<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> json)
        where T : class, IResource
    {
        var items = new List<T>();
        var skipped = new List<UndecodableObject>();
        var (version, next) = ("", (string?)null);
        var reader = new Utf8JsonReader(utf8);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A list must be a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("items"u8))
            {
                ReadItems(ref reader, json, items, skipped);
            }
            else if (reader.ValueTextEquals("metadata"u8))
            {
                (version, next) = ReadMetadata(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new ResourceList<T>(items, version, string.IsNullOrEmpty(next) ? null : next, skipped);
    }

    private static void ReadItems<T>(ref Utf8JsonReader reader, JsonTypeInfo<T> json, List<T> items, List<UndecodableObject> skipped)
        where T : class, IResource
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (ResourceDecoder.Decode(ref reader, json, eventType: null, out var undecodable) is { } item)
            {
                items.Add(item);
            }
            else if (undecodable is not null)
            {
                skipped.Add(undecodable);
            }
        }
    }

    private static (string Version, string? Continue) ReadMetadata(ref Utf8JsonReader reader)
    {
        var (version, next) = ("", (string?)null);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("resourceVersion"u8);
            var isContinue = reader.ValueTextEquals("continue"u8);
            reader.Read();
            if (isVersion)
            {
                version = reader.GetString() ?? "";
            }
            else if (isContinue)
            {
                next = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        return (version, next);
    }
}
