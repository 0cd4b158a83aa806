using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Crds.Meta;

/// <summary>
/// Reads strings, and keys of maps, out of one <see cref="StringPool"/>; writes as usual. Whoever keeps many objects of a
/// kind keeps their common texts once.
/// </summary>
public sealed class PooledStringConverter : JsonConverter<string>
{
    private static readonly StringPool Pool = new();

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Text(ref reader);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Text(ref reader)!;

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    /// <exception cref="InvalidOperationException">It is no string, or no Unicode.</exception>
    private static string? Text(ref Utf8JsonReader reader) => Pooled(ref reader) ?? reader.GetString();

    /// <summary>Null for whatever is not as simple as most texts are: the reader knows best what to do with it.</summary>
    private static string? Pooled(ref Utf8JsonReader reader) =>
        reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || reader.ValueIsEscaped ? null
        : reader.HasValueSequence ? Joined(reader.ValueSequence)
        : Pool.Find(reader.ValueSpan);

    /// <summary>A text that arrived in pieces.</summary>
    private static string? Joined(in ReadOnlySequence<byte> text)
    {
        if (text.Length > StringPool.Longest)
        {
            return null;
        }

        Span<byte> joined = stackalloc byte[StringPool.Longest];
        text.CopyTo(joined);
        return Pool.Find(joined[..(int)text.Length]);
    }
}
