using System.Text.Json.Nodes;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Parts of the specs of EnvPatches and Stacks that have to do with variables.</summary>
internal static class EnvSpecs
{
    /// <summary>A patch that sets these.</summary>
    public static JsonObject Set(params (string Key, string Value)[] variables) => new() { ["set"] = Of(variables) };

    /// <summary>A patch that takes these away.</summary>
    public static JsonObject Unset(params string[] keys) => new() { ["unset"] = Names(keys) };

    /// <summary>A patch that takes all entries of a Secret.</summary>
    public static JsonObject From(string secret) => new() { ["setFrom"] = new JsonArray(new JsonObject { ["name"] = secret }) };

    /// <summary>The baseline of a stack.</summary>
    public static JsonObject Env(params (string Key, string Value)[] variables) => new() { ["env"] = Of(variables) };

    /// <summary>The patch's change waits for the next release.</summary>
    public static JsonObject Quietly(this JsonObject patch) => patch.With(new JsonObject { ["release"] = false });

    public static JsonObject Rollback(string version) => new()
    {
        ["stack"] = "web",
        ["source"] = new JsonObject { ["rollback"] = new JsonObject { ["version"] = version } },
    };

    public static JsonArray Names(params string[] names) => [.. names.Select(name => (JsonNode)name)];

    /// <summary>A Secret with text in it; with the label that lets patches take from it, or without.</summary>
    public static JsonObject Secret(string name, bool labelled, params (string Key, string Value)[] entries) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labelled ? new JsonObject { ["slipway.dev/env"] = "true" } : null },
        ["stringData"] = Of(entries),
    };

    private static JsonObject Of((string Key, string Value)[] variables) =>
        new(variables.Select(variable => KeyValuePair.Create(variable.Key, (JsonNode?)variable.Value)));
}
