using System.Text.Json.Nodes;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Parts of a Stack's spec.</summary>
internal static class StackSpecs
{
    public static JsonObject Parallel() => Concurrency("Parallel");

    public static JsonObject Concurrency(string policy) => Policy("concurrency", policy);

    /// <summary>Gives up a release after so many seconds.</summary>
    public static JsonObject Deadline(int seconds) => Policy("progressDeadlineSeconds", seconds);

    /// <summary>Gives up every phase of a release after so many seconds.</summary>
    public static JsonObject Deadlines(int seconds) => new()
    {
        ["policy"] = new JsonObject
        {
            ["progressDeadlineSeconds"] = seconds,
            ["buildTimeoutSeconds"] = seconds,
            ["pushTimeoutSeconds"] = seconds,
        },
    };

    public static JsonObject Replicas(int? replicas) => new() { ["replicas"] = replicas };

    /// <summary>A pod template whose one container says more.</summary>
    public static JsonObject Container(string key, JsonNode value) => new()
    {
        ["template"] = new JsonObject
        {
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", [key] = value }) },
        },
    };

    public static JsonObject With(this JsonObject spec, JsonObject more)
    {
        foreach (var (key, value) in more)
        {
            spec[key] = value?.DeepClone();
        }

        return spec;
    }

    private static JsonObject Policy(string key, JsonNode value) => new() { ["policy"] = new JsonObject { [key] = value } };
}
