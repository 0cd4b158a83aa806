using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>JSON patch (RFC 6902) and merge patch (RFC 7386) as the API server understands them.</summary>
internal static class FakeJsonPatch
{
    public static JsonObject Apply(JsonObject resource, JsonArray operations)
    {
        var holder = new JsonObject { ["root"] = resource.DeepClone() };
        foreach (var operation in operations)
        {
            var path = ((string)operation!["path"]!).Split('/').Skip(1).Select(Unescape).Prepend("root").ToList();
            Apply(holder, (string)operation["op"]!, path, operation["value"]);
        }

        return holder["root"]!.AsObject();
    }

    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var merged = target is JsonObject existing ? (JsonObject)existing.DeepClone() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Merge(merged[name], value);
            }
        }

        return merged;
    }

    private static void Apply(JsonObject holder, string op, List<string> path, JsonNode? value)
    {
        JsonNode? parent = holder;
        foreach (var segment in path.SkipLast(1))
        {
            parent = Child(parent, segment);
        }

        var last = path[^1];
        switch (op)
        {
            case "test" when JsonNode.DeepEquals(Child(parent, last), value):
                break;
            case "test":
                throw Refused($"testing value {string.Join('/', path.Skip(1))} failed");
            case "add":
                Add(parent, last, value);
                break;
            case "replace" when Has(parent, last):
                Set(parent!, last, value);
                break;
            case "remove" when Has(parent, last):
                Remove(parent!, last);
                break;
            default:
                throw Refused($"{op} operation does not apply: doc is missing path: /{string.Join('/', path.Skip(1))}");
        }
    }

    private static void Add(JsonNode? parent, string name, JsonNode? value)
    {
        switch (parent)
        {
            case JsonObject one:
                one[name] = value?.DeepClone();
                break;
            case JsonArray many when name == "-":
                many.Add(value?.DeepClone());
                break;
            case JsonArray many when Index(name) is { } index && index <= many.Count:
                many.Insert(index, value?.DeepClone());
                break;
            default:
                throw Refused($"add operation does not apply: doc is missing path: {name}");
        }
    }

    private static void Set(JsonNode parent, string name, JsonNode? value)
    {
        if (parent is JsonArray many)
        {
            many[Index(name)!.Value] = value?.DeepClone();
        }
        else
        {
            parent[name] = value?.DeepClone();
        }
    }

    private static void Remove(JsonNode parent, string name)
    {
        if (parent is JsonArray many)
        {
            many.RemoveAt(Index(name)!.Value);
        }
        else
        {
            parent.AsObject().Remove(name);
        }
    }

    private static bool Has(JsonNode? parent, string name) => parent switch
    {
        JsonObject one => one.ContainsKey(name),
        JsonArray many => Index(name) is { } index && index < many.Count,
        _ => false,
    };

    private static JsonNode? Child(JsonNode? parent, string name) => parent switch
    {
        JsonObject one => one[name],
        JsonArray many when Index(name) is { } index && index < many.Count => many[index],
        _ => null,
    };

    private static int? Index(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static string Unescape(string segment) =>
        segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static FakeRefusal Refused(string message) =>
        FakeRefusal.Invalid($"the server rejected our request due to an error in our request: {message}");
}
