using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Manifests;

/// <summary>
/// Writes JSON as YAML for people: block style, lists of words on one line, members in their own order, the same bytes
/// every time. A small writer of our own, because comments above list items are the point of the generated roles.
/// </summary>
public static partial class YamlText
{
    /// <summary>A member of this name becomes a comment above the list item that has it.</summary>
    public const string Comment = "#";

    public static string Of(JsonObject document)
    {
        var text = new StringBuilder();
        WriteMembers(text, document, indent: 0);
        return text.ToString();
    }

    /// <summary>A list of objects by itself, as a part to be put into another file.</summary>
    public static string Of(JsonArray items)
    {
        var text = new StringBuilder();
        WriteItems(text, items, indent: 0);
        return text.ToString();
    }

    private static void WriteMembers(StringBuilder text, JsonObject members, int indent)
    {
        foreach (var (name, value) in members.Where(member => member.Key != Comment))
        {
            text.Append(' ', indent).Append(Word(name, flow: false)).Append(':');
            WriteValue(text, value, indent);
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } members:
                text.Append('\n');
                WriteMembers(text, members, indent + 2);
                break;
            case JsonArray items when items.Any(item => item is JsonObject):
                text.Append('\n');
                WriteItems(text, items, indent + 2);
                break;
            default:
                text.Append(' ').Append(Inline(value, flow: false)).Append('\n');
                break;
        }
    }

    private static void WriteItems(StringBuilder text, JsonArray items, int indent)
    {
        foreach (var item in items.Select(item => item!.AsObject()))
        {
            if (item[Comment] is { } comment)
            {
                text.Append(' ', indent).Append("# ").Append((string?)comment).Append('\n');
            }

            // The dash takes the place of the first member's indentation.
            var start = text.Length;
            WriteMembers(text, item, indent + 2);
            text[start + indent] = '-';
        }
    }

    private static string Inline(JsonNode? value, bool flow) => value switch
    {
        JsonObject => "{}",
        JsonArray items => $"[{string.Join(", ", items.Select(item => Inline(item, flow: true)))}]",
        null => "null",
        JsonValue when value.GetValueKind() == JsonValueKind.String => Word(value.GetValue<string>(), flow),
        _ => value.ToJsonString(),
    };

    private static string Word(string text, bool flow) =>
        Meaningful().IsMatch(text) || OtherType().IsMatch(text) || (flow && text.AsSpan().IndexOfAny(",[]{}") >= 0)
            ? $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""
            : text;

    /// <summary>What YAML gives a meaning to, at the places where it does.</summary>
    [GeneratedRegex("""^[-?:,\[\]{}#&*!|>'"%@`\s]|:\s|\s#|[:\s]$|[\x00-\x1f\x7f]""")]
    private static partial Regex Meaningful();

    /// <summary>What a reader of some YAML version would take for something else than text.</summary>
    [GeneratedRegex(@"^(|~|null|true|false|yes|no|on|off|y|n|=|<<|[-+.]?[0-9].*|[-+]?\.(inf|nan))$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex OtherType();
}
