using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>Keeps <c>metadata.managedFields</c>, and does server-side apply with them (always by force).</summary>
internal static class FakeOwnership
{
    /// <summary>Attributes a new object's fields to whoever created it.</summary>
    public static void RecordCreation(JsonObject resource, string manager, string operation) =>
        resource.Metadata()["managedFields"] = new JsonArray(Entry(resource, manager, operation, "", FieldSet.Of(resource)));

    /// <summary>Attributes what changed to whoever updated it. Managed fields that a writer rewrote stand as written.</summary>
    public static void RecordUpdate(JsonObject before, JsonObject after, string manager, string subresource)
    {
        if (after["metadata"]?["managedFields"] is JsonArray given && !JsonNode.DeepEquals(given, before["metadata"]?["managedFields"]))
        {
            return;
        }

        var changed = FieldSet.Subtract(FieldSet.Changed(before, after), ServerOwnedFields());
        var entries = Entries(before);
        if (changed.Count > 0)
        {
            TakeFromOthers(entries, changed, manager, "Update");
            Add(entries, after, manager, "Update", subresource, changed);
        }

        after.Metadata()["managedFields"] = entries;
    }

    /// <summary>Merges a configuration, and removes what the same manager applied before and no longer says.</summary>
    public static JsonObject Apply(JsonObject current, JsonObject configuration, string manager)
    {
        var next = (JsonObject)current.DeepClone();
        var entries = Entries(current);
        var said = FieldSet.Of(configuration);
        var before = Find(entries, manager, "Apply", "")?["fieldsV1"]?.AsObject() ?? [];
        var dropped = FieldSet.Subtract(before, said);
        foreach (var other in entries.OfType<JsonObject>().Where(entry => !Is(entry, manager, "Apply", "")))
        {
            dropped = FieldSet.Subtract(dropped, other["fieldsV1"]!.AsObject());
        }

        FieldSet.Prune(next, dropped);
        Merge(next, configuration);
        TakeFromOthers(entries, Differing(current, configuration, said), manager, "Apply");
        Replace(entries, next, manager, said);
        if (JsonNode.DeepEquals(WithoutManagedFields(next), WithoutManagedFields(current)) && JsonNode.DeepEquals(before, said))
        {
            return next;
        }

        next.Metadata()["managedFields"] = entries;
        return next;
    }

    public static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
        {
            if (value is JsonObject inner && into[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }

    private static JsonObject Differing(JsonObject current, JsonObject configuration, JsonObject said)
    {
        var same = FieldSet.Subtract(said, FieldSet.Changed(current, configuration));
        return FieldSet.Subtract(said, same);
    }

    private static void TakeFromOthers(JsonArray entries, JsonObject fields, string manager, string operation)
    {
        foreach (var entry in entries.OfType<JsonObject>().ToList())
        {
            if ((string?)entry["manager"] == manager && (string?)entry["operation"] == operation)
            {
                continue;
            }

            var rest = FieldSet.Subtract(entry["fieldsV1"]!.AsObject(), fields);
            if (rest.Count == 0)
            {
                entries.Remove(entry);
            }
            else
            {
                entry["fieldsV1"] = rest;
            }
        }
    }

    private static void Add(JsonArray entries, JsonObject resource, string manager, string operation, string subresource, JsonObject fields)
    {
        if (Find(entries, manager, operation, subresource) is { } entry)
        {
            entry["fieldsV1"] = FieldSet.Union(entry["fieldsV1"]!.AsObject(), fields);
        }
        else
        {
            entries.Add((JsonNode)Entry(resource, manager, operation, subresource, fields));
        }
    }

    private static void Replace(JsonArray entries, JsonObject resource, string manager, JsonObject said)
    {
        if (Find(entries, manager, "Apply", "") is { } entry)
        {
            entry["fieldsV1"] = said.DeepClone();
        }
        else
        {
            entries.Add((JsonNode)Entry(resource, manager, "Apply", "", said));
        }
    }

    private static JsonObject? Find(JsonArray entries, string manager, string operation, string subresource) =>
        entries.OfType<JsonObject>().FirstOrDefault(entry => Is(entry, manager, operation, subresource));

    private static bool Is(JsonObject entry, string manager, string operation, string subresource) =>
        (string?)entry["manager"] == manager
        && (string?)entry["operation"] == operation
        && ((string?)entry["subresource"] ?? "") == subresource;

    private static JsonArray Entries(JsonObject resource) =>
        (resource["metadata"]?["managedFields"] as JsonArray)?.DeepClone().AsArray() ?? [];

    private static JsonObject Entry(JsonObject resource, string manager, string operation, string subresource, JsonObject fields)
    {
        var entry = new JsonObject
        {
            ["manager"] = manager,
            ["operation"] = operation,
            ["apiVersion"] = (string?)resource["apiVersion"],
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = fields.DeepClone(),
        };
        if (subresource.Length > 0)
        {
            entry["subresource"] = subresource;
        }

        return entry;
    }

    private static JsonObject WithoutManagedFields(JsonObject resource)
    {
        var copy = (JsonObject)resource.DeepClone();
        copy.Metadata().Remove("managedFields");
        return copy;
    }

    private static JsonObject ServerOwnedFields()
    {
        var metadata = new JsonObject();
        foreach (var name in FakeMetadata.ServerOwned)
        {
            metadata[$"f:{name}"] = new JsonObject();
        }

        return new JsonObject { ["f:metadata"] = metadata };
    }
}
