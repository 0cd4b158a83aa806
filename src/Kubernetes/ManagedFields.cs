using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Kubernetes;

/// <summary>Pure functions over <c>metadata.managedFields</c>: who set which field, and whether by an update or an apply.</summary>
internal static class ManagedFields
{
    /// <summary>Whether this manager holds no field by an update, in an object as a server sent it.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> body, string manager)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        if (!reader.TryEnter("metadata"u8, JsonTokenType.StartObject) || !reader.TryEnter("managedFields"u8, JsonTokenType.StartArray))
        {
            return true;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (IsUpdate(ref reader, manager))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The same fields, all of this manager's as applied: its updates become its apply, merged into the one it may have.
    /// Status and other subresources are left alone.
    /// </summary>
    public static JsonArray Adopt(JsonArray entries, string manager)
    {
        var own = entries.OfType<JsonObject>().Where(entry => IsUpdate(entry, manager)).ToList();
        var applied = entries.OfType<JsonObject>().FirstOrDefault(entry => IsApply(entry, manager)) ?? own[0];
        var next = new JsonArray();
        foreach (var entry in entries)
        {
            if (ReferenceEquals(entry, applied))
            {
                next.Add((JsonNode)Merge(applied, own));
            }
            else if (!own.Contains(entry))
            {
                next.Add(entry?.DeepClone());
            }
        }

        return next;
    }

    /// <summary>Whether this manager has applied the object.</summary>
    public static bool IsApplied(JsonNode? entries, string manager) =>
        entries is JsonArray array && array.OfType<JsonObject>().Any(entry => IsApply(entry, manager));

    /// <summary>Without what this manager holds by updates; what nobody else holds then belongs to nobody.</summary>
    public static JsonArray Disown(JsonArray entries, string manager) =>
        [.. entries.Where(entry => entry is not JsonObject one || !IsUpdate(one, manager)).Select(entry => entry?.DeepClone())];

    private static JsonObject Merge(JsonObject applied, List<JsonObject> updates)
    {
        var merged = (JsonObject)applied.DeepClone();
        merged["operation"] = "Apply";
        foreach (var update in updates)
        {
            if (!ReferenceEquals(update, applied))
            {
                Union(merged["fieldsV1"]!.AsObject(), update["fieldsV1"]!.AsObject());
            }
        }

        return merged;
    }

    /// <summary>Field sets are trees of names; their union is the union of the trees.</summary>
    private static void Union(JsonObject into, JsonObject from)
    {
        foreach (var (name, children) in from)
        {
            if (into[name] is JsonObject existing && children is JsonObject more)
            {
                Union(existing, more);
            }
            else if (!into.ContainsKey(name))
            {
                into[name] = children?.DeepClone();
            }
        }
    }

    private static bool IsUpdate(JsonObject entry, string manager) => Is(entry, manager, "Update");

    private static bool IsApply(JsonObject entry, string manager) => Is(entry, manager, "Apply");

    private static bool Is(JsonObject entry, string manager, string operation) =>
        (string?)entry["manager"] == manager
        && (string?)entry["operation"] == operation
        && string.IsNullOrEmpty((string?)entry["subresource"]);

    private static bool IsUpdate(ref Utf8JsonReader reader, string manager)
    {
        var (ours, update, whole) = (false, false, true);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("manager"u8))
            {
                reader.Read();
                ours = reader.ValueTextEquals(manager);
            }
            else if (reader.ValueTextEquals("operation"u8))
            {
                reader.Read();
                update = reader.ValueTextEquals("Update"u8);
            }
            else if (reader.ValueTextEquals("subresource"u8))
            {
                reader.Read();
                whole = reader.ValueTextEquals(""u8);
            }
            else
            {
                reader.Skip();
            }
        }

        return ours && update && whole;
    }
}
