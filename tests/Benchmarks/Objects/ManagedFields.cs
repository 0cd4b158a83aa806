using System.Text.Json.Nodes;

namespace Slipway.Benchmarks.Objects;

/// <summary>
/// Gives an object the <c>metadata.managedFields</c> that a server would add for it: a fifth to a third of the bytes of every
/// object on the wire, whether or not the reader wants them.
/// </summary>
internal static class ManagedFields
{
    /// <summary>The spec and metadata are one manager's, the status another's.</summary>
    public static void AddTo(JsonObject resource, string specManager, string statusManager)
    {
        var metadata = resource["metadata"]!.AsObject();
        var specFields = new JsonObject { ["f:metadata"] = Fields(Only(metadata, "labels", "annotations", "ownerReferences", "finalizers")) };
        specFields["f:spec"] = Fields(resource["spec"]);
        var statusFields = new JsonObject { ["f:status"] = Fields(resource["status"]) };
        metadata["managedFields"] = new JsonArray(
            Entry((string)resource["apiVersion"]!, specManager, specFields), Entry((string)resource["apiVersion"]!, statusManager, statusFields));
    }

    private static JsonObject Entry(string apiVersion, string manager, JsonObject fields) => new()
    {
        ["manager"] = manager,
        ["operation"] = "Update",
        ["apiVersion"] = apiVersion,
        ["time"] = "2026-11-22T06:41:10Z",
        ["fieldsType"] = "FieldsV1",
        ["fieldsV1"] = fields,
    };

    private static JsonObject Only(JsonObject from, params string[] names) =>
        new(names.Where(from.ContainsKey).Select(name => KeyValuePair.Create(name, from[name]?.DeepClone())));

    /// <summary>A field set: the object's names with <c>f:</c> before them, and a list's items by what they are merged by.</summary>
    private static JsonObject Fields(JsonNode? value) => value switch
    {
        JsonObject map => new(map.Select(pair => KeyValuePair.Create($"f:{pair.Key}", (JsonNode?)Fields(pair.Value)))),
        JsonArray list when MergeKey(list) is { } key => new(list.Select(item => KeyValuePair.Create(
            $$"""k:{"{{key}}":{{item![key]!.ToJsonString()}}}""", (JsonNode?)Own(Fields(item))))),
        _ => [],
    };

    private static JsonObject Own(JsonObject fields)
    {
        fields["."] = new JsonObject();
        return fields;
    }

    private static string? MergeKey(JsonArray list) =>
        ((string[])["type", "uid", "containerPort", "mountPath", "name"]).FirstOrDefault(
            key => list.All(item => item is JsonObject map && map.ContainsKey(key)));
}
