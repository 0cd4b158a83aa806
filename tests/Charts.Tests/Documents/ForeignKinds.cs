using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Testing;

namespace Slipway.Charts.Tests.Documents;

/// <summary>Kinds of others, as far as our samples use them: a field that is not known, or missing, or of another type, is an error.</summary>
internal static partial class ForeignKinds
{
    private static readonly JsonObject Forms = Yaml.Read(File.ReadAllText(Repository.PathOf("tests/Charts.Tests/Documents/ForeignKinds.yaml")));

    private static readonly string[] OfEveryKind = ["apiVersion", "kind", "metadata"];

    public static bool Knows(JsonNode document) => Forms.ContainsKey(NameOf(document));

    /// <summary>What is wrong with it, a line each.</summary>
    public static IReadOnlyList<string> Errors(JsonObject document)
    {
        var own = new JsonObject(document.Where(member => !OfEveryKind.Contains(member.Key))
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        var named = document.Text("metadata.name") is null ? ["metadata.name: missing"] : (string[])[];
        return [.. named, .. Check(own, Forms[NameOf(document)], NameOf(document))];
    }

    private static string NameOf(JsonNode document) => $"{document.Text("apiVersion")} {document.Text("kind")}";

    private static IEnumerable<string> Check(JsonNode? value, JsonNode? form, string path) => form switch
    {
        JsonObject fields => value is JsonObject members ? CheckMembers(members, fields, path) : [$"{path}: not an object"],
        JsonArray items => value is JsonArray list
            ? list.SelectMany((item, index) => Check(item, items[0], $"{path}[{index}]"))
            : [$"{path}: not a list"],
        _ => Is(value, (string)form!) ? [] : [$"{path}: {value?.ToJsonString()} is no {form}"],
    };

    private static IEnumerable<string> CheckMembers(JsonObject members, JsonObject fields, string path)
    {
        var known = fields.ToDictionary(field => field.Key.TrimEnd('!'), field => field);
        var missing = fields.Where(field => field.Key.EndsWith('!') && !members.ContainsKey(field.Key.TrimEnd('!'))).Select(field => $"{path}.{field.Key}: missing");
        return missing.Concat(members.SelectMany(member => known.TryGetValue(member.Key, out var field)
            ? Check(member.Value, field.Value, $"{path}.{member.Key}")
            : [$"{path}.{member.Key}: no such field"]));
    }

    private static bool Is(JsonNode? value, string type) => type switch
    {
        "any" => value is not null,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "integer" => value?.GetValueKind() == JsonValueKind.Number,
        "duration" => value?.GetValueKind() == JsonValueKind.String && Duration().IsMatch((string)value!),
        _ => throw new InvalidOperationException($"there is no type {type}"),
    };

    [GeneratedRegex("^([0-9]+(ms|s|m|h))+$")]
    private static partial Regex Duration();
}
