using System.Buffers;
using System.Text.Json;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Resources;

namespace Slipway.Kubernetes.Watching;

/// <summary>
/// Decodes one line of a watch. The object is parsed once, straight from the bytes, as soon as the event's type is
/// known; a server that says the type last costs one skip.
/// </summary>
internal sealed class WatchDecoder<T>(ApiRequest request, Action<UndecodableObject>? onUndecodable)
    where T : class, IResource<T>
{
    /// <summary>The event, or null when there is none to report.</summary>
    /// <exception cref="ApiException">The event is an error, or the line is no event at all.</exception>
    public WatchEvent<T>? Decode(in ReadOnlySequence<byte> line)
    {
        if (IsBlank(line))
        {
            return null;
        }

        try
        {
            return DecodeEvent(new Utf8JsonReader(line));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter for a text that is no Unicode.
            throw ApiFaults.Malformed(request, error);
        }
    }

    private static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            if (segment.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private WatchEvent<T>? DecodeEvent(Utf8JsonReader reader)
    {
        var kind = EventKind.Missing;
        var found = default(Utf8JsonReader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                kind = ReadKind(ref reader);
            }
            else if (reader.ValueTextEquals("object"u8))
            {
                reader.Read();
                if (kind != EventKind.Missing)
                {
                    return DecodeObject(kind, reader);
                }

                found = reader;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        return found.TokenType != JsonTokenType.None && kind != EventKind.Missing
            ? DecodeObject(kind, found)
            : throw new JsonException("A watch event needs a type and an object.");
    }

    private static EventKind ReadKind(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType != JsonTokenType.String ? EventKind.Unknown
            : reader.ValueTextEquals("ADDED"u8) ? EventKind.Added
            : reader.ValueTextEquals("MODIFIED"u8) ? EventKind.Modified
            : reader.ValueTextEquals("DELETED"u8) ? EventKind.Deleted
            : reader.ValueTextEquals("BOOKMARK"u8) ? EventKind.Bookmark
            : reader.ValueTextEquals("ERROR"u8) ? EventKind.Error
            : EventKind.Unknown;
    }

    private WatchEvent<T>? DecodeObject(EventKind kind, Utf8JsonReader reader) => kind switch
    {
        EventKind.Added => Change(WatchEventType.Added, reader),
        EventKind.Modified => Change(WatchEventType.Modified, reader),
        EventKind.Deleted => Change(WatchEventType.Deleted, reader),
        EventKind.Bookmark => Bookmark(reader),
        EventKind.Error => throw Error(reader),
        EventKind.Unknown or EventKind.Missing => null,
    };

    private WatchEvent<T>? Change(WatchEventType type, Utf8JsonReader reader)
    {
        var decoded = ResourceDecoder.Decode(ref reader, T.Json, type, out var undecodable);
        if (undecodable is not null)
        {
            onUndecodable?.Invoke(undecodable);
            return null;
        }

        return new WatchEvent<T>(type, decoded, decoded!.Metadata.ResourceVersion ?? "", InitialEventsEnd: false);
    }

    private static WatchEvent<T> Bookmark(Utf8JsonReader reader)
    {
        var partial = PartialResource.Read(reader);
        return new WatchEvent<T>(WatchEventType.Bookmark, null, partial.ResourceVersion, partial.InitialEventsEnd);
    }

    private ApiException Error(Utf8JsonReader reader)
    {
        var status = JsonSerializer.Deserialize(ref reader, KubernetesJson.Default.ApiStatus) ?? new ApiStatus();
        return ApiFaults.FromStatus(request, status.Code ?? 500, status, retryAfter: null);
    }

    private enum EventKind
    {
        Missing,
        Unknown,
        Added,
        Modified,
        Deleted,
        Bookmark,
        Error,
    }
}
