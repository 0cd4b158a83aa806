using System.Text.Json;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes;

/// <summary>
/// The few facts that can be read of any object, also of one that does not fit its type. Reads token by token, so that
/// nothing else about the object matters.
/// </summary>
internal readonly record struct PartialResource(string Namespace, string Name, string ResourceVersion, bool InitialEventsEnd)
{
    private const string InitialEventsEndAnnotation = "k8s.io/initial-events-end";

    public NamespacedName? Key => Name.Length == 0 ? null : new NamespacedName(Namespace, Name);

    /// <summary>Reads the object that the reader stands at. Whatever is missing or of the wrong type stays empty.</summary>
    public static PartialResource Read(Utf8JsonReader reader)
    {
        var partial = new PartialResource("", "", "", false);
        try
        {
            if (!reader.TryEnter("metadata"u8, JsonTokenType.StartObject))
            {
                return partial;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                partial = ReadMember(ref reader, partial);
            }
        }
        catch (InvalidOperationException)
        {
            // A text that is no Unicode: one object must not break the whole list or watch. What was read before it counts.
        }

        return partial;
    }

    private static PartialResource ReadMember(ref Utf8JsonReader reader, PartialResource partial)
    {
        if (reader.ValueTextEquals("name"u8))
        {
            return partial with { Name = Text(ref reader) };
        }

        if (reader.ValueTextEquals("namespace"u8))
        {
            return partial with { Namespace = Text(ref reader) };
        }

        if (reader.ValueTextEquals("resourceVersion"u8))
        {
            return partial with { ResourceVersion = Text(ref reader) };
        }

        if (reader.ValueTextEquals("annotations"u8))
        {
            return partial with { InitialEventsEnd = EndsInitialEvents(ref reader) };
        }

        reader.Read();
        reader.Skip();
        return partial;
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString() ?? "";
        }

        reader.Skip();
        return "";
    }

    private static bool EndsInitialEvents(ref Utf8JsonReader reader)
    {
        var before = reader;
        reader.Read();
        reader.Skip();
        return Find(before, InitialEventsEndAnnotation) == "true";
    }

    private static string Find(Utf8JsonReader reader, string name)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return "";
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            var value = Text(ref reader);
            if (found)
            {
                return value;
            }
        }

        return "";
    }
}
