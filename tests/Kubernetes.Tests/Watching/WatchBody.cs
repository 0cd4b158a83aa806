using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Kubernetes.Tests.Watching;

/// <summary>The body of a watch as a server might send it, and what has to be read of it.</summary>
internal sealed record WatchBody(byte[] Bytes, IReadOnlyList<string> Expected)
{
    private const string Alphabet = "aZ0 \t\n\"\\/{}[]:,üß€𝄞😀\u2028\u0001";

    /// <summary>Changes, bookmarks, objects that do not fit, types of the future and blank lines; now and then a huge one, and an error as the end.</summary>
    public static WatchBody Random(Random random, bool huge = true)
    {
        var text = new StringBuilder();
        var expected = new List<string>();
        for (var lines = random.Next(0, 8); lines > 0; lines--)
        {
            Append(Line(random, huge && random.Next(20) == 0 ? 300_000 : 60));
        }

        if (random.Next(5) == 0)
        {
            Append((Event(random, "ERROR", """{"kind":"Status","message":"too old","reason":"Expired","code":410}"""), "error 410 Expired"));
        }

        return new WatchBody(Encoding.UTF8.GetBytes(text.ToString()), expected);

        void Append((string Line, string? Expected) line)
        {
            text.Append(line.Line).Append(random.Next(4) == 0 ? "\r\n" : "\n");
            expected.AddRange(line.Expected is { } one ? [one] : []);
        }
    }

    private static (string Line, string? Expected) Line(Random random, int longest)
    {
        var (name, version, value) = ($"n{random.Next(100)}", random.Next(1, 10_000), Text(random, longest));
        var type = random.Next(3) switch { 0 => "ADDED", 1 => "MODIFIED", _ => "DELETED" };
        return random.Next(10) switch
        {
            0 => (new string(' ', random.Next(3)), null),
            1 => (Event(random, "RENAMED", Map(random, name, version, value)), null),
            2 => (Event(random, "BOOKMARK", Map(random, "", version, null)), $"BOOKMARK {version}"),
            3 => (Event(random, type, Map(random, name, version, value).Replace("\"data\":", "\"data\":7,\"other\":")), $"unfit {type} shop/{name} {version}"),
            _ => (Event(random, type, Map(random, name, version, value)), $"{type} shop/{name} {version} {value}"),
        };
    }

    private static string Event(Random random, string type, string item)
    {
        var (first, second) = ($"\"type\":\"{type}\"", $"\"object\":{item}");
        var more = random.Next(3) == 0 ? $",\"more\":{JsonValue.Create(Text(random, 20)).ToJsonString()}" : "";
        return random.Next(3) == 0 ? $"{{ {second}{more} ,{first}}}" : $"{{{first}{more},{second}}}";
    }

    /// <summary>A config map, its text now with as many escapes as possible, now with as few.</summary>
    private static string Map(Random random, string name, int version, string? value)
    {
        var map = new JsonObject
        {
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject
            {
                ["managedFields"] = new JsonArray(new JsonObject { ["f:type"] = new JsonObject() }),
                ["name"] = name,
                ["namespace"] = "shop",
                ["resourceVersion"] = $"{version}",
            },
        };
        if (value is not null)
        {
            map["data"] = new JsonObject { ["type"] = value };
        }

        var encoder = random.Next(2) == 0 ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : JavaScriptEncoder.Default;
        return map.ToJsonString(new JsonSerializerOptions { Encoder = encoder });
    }

    private static string Text(Random random, int longest)
    {
        var runes = Alphabet.EnumerateRunes().ToArray();
        return string.Concat(Enumerable.Range(0, random.Next(longest)).Select(_ => runes[random.Next(runes.Length)]));
    }
}
