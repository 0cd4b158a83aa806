using System.Text.Json.Nodes;

namespace Slipway.Manifests.Schema;

/// <summary>What holds for every node of a kind's schema, also for those given as text.</summary>
internal static class SchemaRules
{
    /// <summary>Checks that everything is described, and says of every list how it is merged.</summary>
    public static void Complete(JsonObject schema, string path)
    {
        if ((string?)schema["type"] == "array" && !schema.ContainsKey("x-kubernetes-list-type"))
        {
            schema["x-kubernetes-list-type"] = "atomic";
        }

        RequireMapKeys(schema, path);
        foreach (var (name, child) in schema["properties"] as JsonObject ?? [])
        {
            Complete(Described(child!.AsObject(), $"{path}.{name}"), $"{path}.{name}");
        }

        foreach (var keyword in (string[])["items", "additionalProperties"])
        {
            if (schema[keyword] is JsonObject child)
            {
                Complete(child, $"{path}[]");
            }
        }
    }

    private static JsonObject Described(JsonObject schema, string path) =>
        schema.ContainsKey("description") || path.EndsWith(".metadata", StringComparison.Ordinal) && schema.Count == 1
            ? schema
            : throw new InvalidOperationException($"{path} has no description: give the property a [Description].");

    private static void RequireMapKeys(JsonObject schema, string path)
    {
        var required = schema["items"]?["required"]?.AsArray().Select(name => (string?)name).ToList() ?? [];
        foreach (var key in schema["x-kubernetes-list-map-keys"]?.AsArray() ?? [])
        {
            if (!required.Contains((string?)key))
            {
                throw new InvalidOperationException($"{path}: the list's key {key} must be a required property.");
            }
        }
    }
}
