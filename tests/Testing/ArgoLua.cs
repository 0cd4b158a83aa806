using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Testing;

/// <summary>
/// Runs a script of gitops/argocd as Argo CD does: Lua 5.1 with the object in <c>obj</c>, the basic functions, <c>table</c>, and of <c>os</c>
/// no more than the time. What comes back goes through JSON, in which an empty table is a list.
/// </summary>
public static class ArgoLua
{
    private const string Folder = "gitops/argocd/resource_customizations/slipway.dev";

    private const string Harness =
        """
        local byte, format, gsub, concat = string.byte, string.format, string.gsub, table.concat
        local function escape(text)
          return '"' .. gsub(text, '[%z\1-\31"\\]', function(c) return format("\\u%04x", byte(c)) end) .. '"'
        end
        local function encode(value)
          if type(value) == "string" then return escape(value) end
          if type(value) == "number" then return format("%.17g", value) end
          if type(value) ~= "table" then return tostring(value) end
          local parts = {}
          if next(value) == nil or #value > 0 then
            for _, item in ipairs(value) do parts[#parts + 1] = encode(item) end
            return "[" .. concat(parts, ",") .. "]"
          end
          for key, item in pairs(value) do parts[#parts + 1] = escape(key) .. ":" .. encode(item) end
          return "{" .. concat(parts, ",") .. "}"
        end
        local clock = { time = os.time, date = os.date }
        local known = {
          assert = assert, error = error, ipairs = ipairs, pairs = pairs, next = next, pcall = pcall, select = select, tonumber = tonumber,
          tostring = tostring, type = type, unpack = unpack, rawget = rawget, rawset = rawset, setmetatable = setmetatable,
          getmetatable = getmetatable, table = table, os = clock, obj = OBJECT,
          require = function(name) assert(name == "os", "there is no module " .. name); return clock end,
        }
        known._G = known
        local print, script = print, setfenv(assert(loadfile(arg[1])), known)
        getmetatable("").__index = nil
        print(encode(script()))
        """;

    private static readonly Lazy<Task> Provided = new(() => Repository.HackAsync("lua", "provide"));

    /// <summary>What the health check of the object's kind says: status and message.</summary>
    public static async Task<(string Status, string Message)> HealthAsync(JsonNode item)
    {
        var health = await RunAsync($"{item.Text("kind")}/health.lua", item);
        return (health.Text("status")!, health.Text("message")!);
    }

    /// <summary>The names of the actions that are offered for the object, those that are shown but disabled excepted.</summary>
    public static async Task<IReadOnlyList<string>> OfferedAsync(JsonNode item) =>
    [
        .. (await RunAsync($"{item.Text("kind")}/actions/discovery.lua", item)).AsObject()
            .Where(action => (bool?)action.Value.At("disabled") != true).Select(action => action.Key).Order(StringComparer.Ordinal),
    ];

    /// <summary>What the action returns: the object changed, or a list of operations.</summary>
    public static async Task<JsonNode> ActAsync(string action, JsonNode item)
    {
        var result = await RunAsync($"{item.Text("kind")}/actions/{action}/action.lua", item);
        return result is JsonObject ? Restored(result, item)! : result;
    }

    private static async Task<JsonNode> RunAsync(string script, JsonNode item)
    {
        await Provided.Value;
        var harness = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(harness, Harness.Replace("OBJECT", Literal(item), StringComparison.Ordinal));
            var result = await Command.RunAsync("lua5.1", [harness, Repository.PathOf($"{Folder}/{script}")]);
            return result.ExitCode == 0 ? JsonNode.Parse(result.Output)! : throw new InvalidOperationException($"{script}: {result.Output}");
        }
        finally
        {
            File.Delete(harness);
        }
    }

    /// <summary>Argo CD puts back the empty objects that came out as empty lists, where the former object has one.</summary>
    private static JsonNode? Restored(JsonNode? now, JsonNode? before) => (now, before) switch
    {
        (JsonArray { Count: 0 }, JsonObject) => before.DeepClone(),
        (JsonObject members, JsonObject former) => new JsonObject(
            members.Select(member => KeyValuePair.Create(member.Key, Restored(member.Value, former[member.Key])))),
        (JsonArray items, JsonArray former) => new JsonArray(
            [.. items.Select((item, index) => Restored(item, index < former.Count ? former[index] : null))]),
        _ => now?.DeepClone(),
    };

    private static string Literal(JsonNode? node) => node switch
    {
        null => "nil",
        JsonObject members => $"{{{string.Join(',', members.Select(member => $"[{Quoted(member.Key)}]={Literal(member.Value)}"))}}}",
        JsonArray items => $"{{{string.Join(',', items.Select(Literal))}}}",
        _ => node.GetValueKind() == System.Text.Json.JsonValueKind.String ? Quoted((string)node!) : node.ToJsonString(),
    };

    private static string Quoted(string text) => Encoding.UTF8.GetBytes(text).Aggregate(
        new StringBuilder("\""), (quoted, value) => quoted.Append('\\').Append(value.ToString("D3", CultureInfo.InvariantCulture))).Append('"').ToString();
}
