using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Manifests;
using Slipway.Manifests.Schema;

namespace Slipway.House.Tests;

/// <summary>Checks an object against the schema of its kind, and against strictness: a field nobody knows is an error.</summary>
internal static class SchemaCheck
{
    /// <summary>What is wrong, a line each, with the path of the value. Empty for kinds that are not ours.</summary>
    public static IReadOnlyList<string> Errors(JsonNode? document)
    {
        if (document is not JsonObject value || KindOf(value) is not { } kind)
        {
            return [];
        }

        // Through text, as on the wire: in memory a number remembers the type that it was made from.
        var errors = Check(Wire(value), Wire(StructuralSchema.Of(kind)), kind.Resource.FullName).ToList();
        try
        {
            JsonSerializer.Deserialize(value, kind.Json);
        }
        catch (JsonException exception)
        {
            errors.Add(exception.Message);
        }

        return errors;
    }

    public static Kind? KindOf(JsonObject document) => Kind.All.SingleOrDefault(kind =>
        (string?)document["apiVersion"] == kind.Resource.ApiVersion && (string?)document["kind"] == kind.Resource.Kind);

    private static IEnumerable<string> Check(JsonNode? value, JsonObject schema, string path)
    {
        if (schema.ContainsKey("x-kubernetes-int-or-string"))
        {
            return value is JsonValue ? [] : [$"{path}: neither a number nor a string"];
        }

        return (string?)schema["type"] switch
        {
            "object" => value is JsonObject members ? CheckMembers(members, schema, path) : [$"{path}: not an object"],
            "array" => value is JsonArray items ? CheckItems(items, schema, path) : [$"{path}: not a list"],
            "string" => Is(value, JsonValueKind.String) ? CheckText((string)value!, schema, path) : [$"{path}: not a string"],
            "integer" => Is(value, JsonValueKind.Number) ? CheckNumber((long)value!, schema, path) : [$"{path}: not an integer"],
            "boolean" => Is(value, JsonValueKind.True) || Is(value, JsonValueKind.False) ? [] : [$"{path}: not a boolean"],
            var other => [$"{path}: the schema has type '{other}'"],
        };
    }

    private static IEnumerable<string> CheckMembers(JsonObject members, JsonObject schema, string path)
    {
        var properties = schema["properties"] as JsonObject ?? [];
        var open = schema.ContainsKey("x-kubernetes-preserve-unknown-fields") || path.EndsWith(".metadata", StringComparison.Ordinal) && properties.Count == 0;
        var missing = (schema["required"] as JsonArray ?? []).Select(name => (string)name!).Where(name => !members.ContainsKey(name));
        return missing.Select(name => $"{path}.{name}: required").Concat(members.SelectMany(member =>
            properties[member.Key] is JsonObject property ? Check(member.Value, property, $"{path}.{member.Key}")
            : schema["additionalProperties"] is JsonObject any ? Check(member.Value, any, $"{path}.{member.Key}")
            : open ? []
            : [$"{path}.{member.Key}: no such field"]));
    }

    private static IEnumerable<string> CheckItems(JsonArray items, JsonObject schema, string path) =>
    [
        .. items.SelectMany((item, index) => Check(item, schema["items"]!.AsObject(), $"{path}[{index}]")),
        .. Outside(items.Count, schema, "minItems", "maxItems", path),
    ];

    private static IEnumerable<string> CheckText(string text, JsonObject schema, string path) =>
    [
        .. Outside(text.Length, schema, "minLength", "maxLength", path),
        .. schema["enum"] is JsonArray words && !words.Any(word => (string?)word == text) ? (string[])[$"{path}: '{text}' is not one of {words}"] : [],
        .. schema["pattern"] is { } pattern && !Regex.IsMatch(text, (string)pattern!) ? (string[])[$"{path}: '{text}' does not match {pattern}"] : [],
    ];

    private static IEnumerable<string> CheckNumber(long number, JsonObject schema, string path) => Outside(number, schema, "minimum", "maximum", path);

    private static IEnumerable<string> Outside(long size, JsonObject schema, string least, string most, string path) =>
        (schema[least] is { } low && size < (long)low) || (schema[most] is { } high && size > (long)high)
            ? [$"{path}: {size} is outside of {schema[least]}…{schema[most]}"]
            : [];

    private static JsonObject Wire(JsonObject value) => JsonNode.Parse(value.ToJsonString())!.AsObject();

    private static bool Is(JsonNode? value, JsonValueKind kind) => value is JsonValue && value.GetValueKind() == kind;
}
