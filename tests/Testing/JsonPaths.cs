using System.Text.Json.Nodes;

namespace Slipway.Testing;

/// <summary>Short ways into the JSON of Kubernetes objects. A missing step is null, not an error.</summary>
public static class JsonPaths
{
    /// <summary>The node at a path such as <c>status.conditions</c> or <c>spec.containers.0.image</c>.</summary>
    public static JsonNode? At(this JsonNode? node, string path) =>
        path.Split('.').Aggregate(node, (current, step) => current switch
        {
            JsonObject one => one[step],
            JsonArray many => int.TryParse(step, out var index) && index < many.Count ? many[index] : null,
            _ => null,
        });

    /// <summary>The text at a path.</summary>
    public static string? Text(this JsonNode? node, string path) => (string?)node.At(path);

    /// <summary>The number at a path.</summary>
    public static long? Number(this JsonNode? node, string path) => (long?)node.At(path);

    public static IReadOnlyList<JsonNode> Items(this JsonNode? node, string path) =>
        [.. (node.At(path) as JsonArray ?? []).Select(item => item!)];

    public static string? Label(this JsonNode? node, string key) => (string?)node?["metadata"]?["labels"]?[key];

    public static string? Annotation(this JsonNode? node, string key) => (string?)node?["metadata"]?["annotations"]?[key];

    /// <summary>The condition of that type, or null.</summary>
    public static JsonNode? Condition(this JsonNode? node, string type) =>
        node.Items("status.conditions").FirstOrDefault(condition => condition.Text("type") == type);

    /// <summary>Status and reason of a condition, for example <c>True Active</c>; <c>absent</c> when there is none.</summary>
    public static string ConditionText(this JsonNode? node, string type) =>
        node.Condition(type) is { } condition ? $"{condition.Text("status")} {condition.Text("reason")}" : "absent";
}
