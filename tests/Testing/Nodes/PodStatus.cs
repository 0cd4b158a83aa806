using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Testing.Nodes;

/// <summary>The status that a kubelet would write.</summary>
internal static class PodStatus
{
    public static JsonObject Of(FakePod pod, PodBehaviour behaviour, int address, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var ready = behaviour.State == PodState.Ready;
        return new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["phase"] = behaviour.State == PodState.ImagePullBackOff ? "Pending" : "Running",
                ["podIP"] = $"10.255.{address / 250 % 250}.{1 + (address % 250)}",
                ["startTime"] = time,
                ["conditions"] = new JsonArray(
                    Condition("PodScheduled", true, time, null),
                    Condition("Initialized", true, time, null),
                    Condition("ContainersReady", ready, time, behaviour.Message),
                    Condition("Ready", ready, time, behaviour.Message)),
                ["containerStatuses"] = new JsonArray(
                    [.. pod.Containers.Select(container => (JsonNode)Container(container, behaviour, time))]),
            },
        };
    }

    private static JsonObject Condition(string type, bool status, string time, string? message)
    {
        var condition = new JsonObject { ["type"] = type, ["status"] = status ? "True" : "False", ["lastTransitionTime"] = time };
        if (!status)
        {
            condition["reason"] = "ContainersNotReady";
            condition["message"] = message;
        }

        return condition;
    }

    private static JsonObject Container(JsonNode container, PodBehaviour behaviour, string time) => new()
    {
        ["name"] = (string)container["name"]!,
        ["image"] = (string)container["image"]!,
        ["imageID"] = behaviour.State == PodState.ImagePullBackOff ? "" : behaviour.ImageId ?? ImageId((string)container["image"]!),
        ["ready"] = behaviour.State == PodState.Ready,
        ["started"] = behaviour.State is PodState.Ready or PodState.NotReady,
        ["restartCount"] = behaviour.State == PodState.CrashLoopBackOff ? 3 : 0,
        ["state"] = behaviour.State switch
        {
            PodState.Ready or PodState.NotReady => new JsonObject { ["running"] = new JsonObject { ["startedAt"] = time } },
            PodState.CrashLoopBackOff => Waiting("CrashLoopBackOff", behaviour.Message),
            PodState.ImagePullBackOff => Waiting("ImagePullBackOff", behaviour.Message),
            PodState.RunsToEnd => throw new InvalidOperationException("A pod that runs to its end has the status of its steps."),
        },
    };

    private static JsonObject Waiting(string reason, string message) =>
        new() { ["waiting"] = new JsonObject { ["reason"] = reason, ["message"] = message } };

    /// <summary>A container runtime names the repository and the digest it pulled, without the tag.</summary>
    private static string ImageId(string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            return "";
        }

        var repository = image[..at];
        var colon = repository.LastIndexOf(':');
        return (colon > repository.LastIndexOf('/') ? repository[..colon] : repository) + image[at..];
    }
}
