using System.Text.Json.Nodes;
using Slipway.Testing;

namespace Slipway.House.Tests;

/// <summary>What of a former custom resource definition its successor takes away from objects and people that count on it.</summary>
internal static class CrdChanges
{
    private static readonly string[] Least = ["minLength", "minItems", "minimum", "minProperties"];
    private static readonly string[] Most = ["maxLength", "maxItems", "maximum", "maxProperties"];

    /// <summary>Words that must stay as they are: each says what a value is, or how it is merged.</summary>
    private static readonly string[] Fixed =
    [
        "type", "format", "pattern", "nullable", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-int-or-string",
        "x-kubernetes-preserve-unknown-fields", "x-kubernetes-map-type", "default",
    ];

    /// <summary>A line for each break, with the path that it is at.</summary>
    public static IReadOnlyList<string> Breaks(JsonObject before, JsonObject after)
    {
        var breaks = new List<string>();
        foreach (var path in (string[])["metadata.name", "spec.group", "spec.scope", "spec.names.kind", "spec.names.plural"])
        {
            if (!JsonNode.DeepEquals(before.At(path), after.At(path)))
            {
                breaks.Add($"{path}: {Show(before.At(path))} became {Show(after.At(path))}");
            }
        }

        breaks.AddRange(Gone(before, after, "spec.names.shortNames", name => Show(name)));
        breaks.AddRange(Gone(before, after, "spec.names.categories", name => Show(name)));
        foreach (var version in before.Items("spec.versions"))
        {
            var name = version.Text("name")!;
            if (after.Items("spec.versions").FirstOrDefault(one => one.Text("name") == name && (bool?)one["served"] == true) is not { } successor)
            {
                breaks.Add($"{name}: not served any more");
                continue;
            }

            breaks.AddRange(Gone(version, successor, "additionalPrinterColumns", column => $"column {column.Text("name")}", "name", "type"));
            breaks.AddRange(version.At("subresources.status") is not null && successor.At("subresources.status") is null ? [$"{name}: no status any more"] : []);
            Compare(version.At("schema.openAPIV3Schema"), successor.At("schema.openAPIV3Schema"), name, breaks);
        }

        return breaks;
    }

    private static void Compare(JsonNode? before, JsonNode? after, string at, List<string> breaks)
    {
        if (before is null)
        {
            return;
        }

        if (after is null)
        {
            breaks.Add($"{at}: is gone");
            return;
        }

        breaks.AddRange(Fixed.Where(word => !JsonNode.DeepEquals(before[word], after[word]) && !(word == "default" && before[word] is null))
            .Select(word => $"{at}: {word} {Show(before[word])} became {Show(after[word])}"));
        breaks.AddRange(Least.Where(word => (after.Number(word) ?? long.MinValue) > (before.Number(word) ?? long.MinValue)).Select(word => $"{at}: {word} is higher"));
        breaks.AddRange(Most.Where(word => (after.Number(word) ?? long.MaxValue) < (before.Number(word) ?? long.MaxValue)).Select(word => $"{at}: {word} is lower"));
        breaks.AddRange(New(before, after, "required").Select(field => $"{at}: {field} is required now"));
        breaks.AddRange(before["enum"] is null && after["enum"] is not null ? [$"{at}: only some values now"] : Gone(before, after, "enum", value => $"{at}: value {Show(value)}"));
        breaks.AddRange(Rules(after).Except(Rules(before)).Select(rule => $"{at}: a new rule {rule}"));
        breaks.AddRange(Rules(before).Where(rule => rule.Contains("oldSelf", StringComparison.Ordinal)).Except(Rules(after)).Select(rule => $"{at}: not immutable any more, {rule}"));
        foreach (var (name, property) in before["properties"] as JsonObject ?? [])
        {
            Compare(property, after["properties"]?[name], $"{at}.{name}", breaks);
        }

        Compare(before["items"], after["items"], $"{at}[]", breaks);
        Compare(before["additionalProperties"] as JsonObject, after["additionalProperties"] as JsonObject, $"{at}{{}}", breaks);
    }

    private static IEnumerable<string> Rules(JsonNode node) => node.Items("x-kubernetes-validations").Select(rule => rule.Text("rule")!);

    private static IEnumerable<string> New(JsonNode before, JsonNode after, string list) =>
        after.Items(list).Select(Show).Except(before.Items(list).Select(Show));

    /// <summary>What of a list is not there any more, by these fields of it or as a whole.</summary>
    private static IEnumerable<string> Gone(JsonNode before, JsonNode after, string list, Func<JsonNode, string> name, params string[] fields)
    {
        string Key(JsonNode item) => fields.Length == 0 ? Show(item) : string.Join(' ', fields.Select(field => Show(item[field])));
        var left = after.At(list) is null && list == "enum" ? null : after.Items(list).Select(Key).ToHashSet();
        return left is null ? [] : before.Items(list).Where(item => !left.Contains(Key(item))).Select(item => $"{name(item)}: is gone");
    }

    private static string Show(JsonNode? node) => node?.ToJsonString() ?? "nothing";
}
