using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>
/// Sets of fields in the manner of <c>fieldsV1</c>: a tree of <c>f:name</c>, an empty object at each leaf. Lists count as
/// one value.
/// </summary>
internal static class FieldSet
{
    /// <summary>The fields an object says, without those that only identify it or belong to the server.</summary>
    public static JsonObject Of(JsonObject resource)
    {
        var set = Tree(resource);
        foreach (var name in (string[])["f:apiVersion", "f:kind"])
        {
            set.Remove(name);
        }

        if (set["f:metadata"] is JsonObject metadata)
        {
            foreach (var name in FakeMetadata.ServerOwned.Append("name").Append("namespace"))
            {
                metadata.Remove($"f:{name}");
            }

            if (metadata.Count == 0)
            {
                set.Remove("f:metadata");
            }
        }

        return set;
    }

    /// <summary>The fields whose value differs.</summary>
    public static JsonObject Changed(JsonObject before, JsonObject after)
    {
        var set = new JsonObject();
        foreach (var (name, value) in after)
        {
            if (value is JsonObject next && before[name] is JsonObject previous)
            {
                AddUnlessEmpty(set, name, Changed(previous, next));
            }
            else if (!JsonNode.DeepEquals(before[name], value))
            {
                set[$"f:{name}"] = value is JsonObject added ? Tree(added) : new JsonObject();
            }
        }

        return set;
    }

    public static JsonObject Union(JsonObject one, JsonObject other)
    {
        var union = (JsonObject)one.DeepClone();
        foreach (var (name, children) in other)
        {
            union[name] = union[name] is JsonObject existing
                ? Union(existing, children!.AsObject())
                : children!.DeepClone();
        }

        return union;
    }

    /// <summary>The leaves of one that are no leaves of the other.</summary>
    public static JsonObject Subtract(JsonObject one, JsonObject other)
    {
        var rest = new JsonObject();
        foreach (var (name, children) in one)
        {
            if (!other.ContainsKey(name))
            {
                rest[name] = children!.DeepClone();
            }
            else if (children!.AsObject().Count > 0 && Subtract(children.AsObject(), other[name]!.AsObject()) is { Count: > 0 } left)
            {
                rest[name] = left;
            }
        }

        return rest;
    }

    /// <summary>Removes the set's leaves from an object, and what becomes empty by it.</summary>
    public static void Prune(JsonObject resource, JsonObject set)
    {
        foreach (var (field, children) in set)
        {
            var name = field[2..];
            if (children!.AsObject().Count > 0 && resource[name] is JsonObject inner)
            {
                Prune(inner, children.AsObject());
                if (inner.Count == 0)
                {
                    resource.Remove(name);
                }
            }
            else
            {
                resource.Remove(name);
            }
        }
    }

    private static JsonObject Tree(JsonObject value)
    {
        var set = new JsonObject();
        foreach (var (name, child) in value)
        {
            set[$"f:{name}"] = child is JsonObject inner ? Tree(inner) : new JsonObject();
        }

        return set;
    }

    private static void AddUnlessEmpty(JsonObject set, string name, JsonObject children)
    {
        if (children.Count > 0)
        {
            set[$"f:{name}"] = children;
        }
    }
}
