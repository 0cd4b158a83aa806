using System.Text.Json;

namespace Slipway.Kubernetes;

/// <summary>Finding one's way through JSON without building it.</summary>
internal static class JsonReaderExtensions
{
    /// <summary>
    /// From the start of an object, moves to the value of the member of that name. False when there is none or it
    /// is of another type.
    /// </summary>
    public static bool TryEnter(this ref Utf8JsonReader reader, ReadOnlySpan<byte> name, JsonTokenType expected)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
            {
                return reader.TokenType == expected;
            }

            reader.Skip();
        }

        return false;
    }
}
