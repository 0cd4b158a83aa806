using System.Text.Json.Nodes;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Nodes;
using Slipway.Testing.Registry;

namespace Slipway.Operator.Tests.Integration;

/// <summary>The pods of builds on the fake node: three steps, each held by a gate of its own as long as the test wants.</summary>
public sealed class Builder
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    /// <summary>Held until opened; null lets the step end at once.</summary>
    public Gate? Source { get; init; }

    public Gate? Build { get; init; }

    public Gate? Push { get; init; }

    /// <summary>The container that fails, if one does.</summary>
    public string? Failing { get; init; }

    /// <summary>What the push says: the digest of what it pushed.</summary>
    public string Digest { get; set; } = "";

    public static JsonObject Git { get; } = new() { ["git"] = new JsonObject { ["url"] = "https://git.example/shop.git" } };

    public static bool IsBuild(FakePod pod) => pod.Label("slipway.dev/build-of") is not null;

    public static JsonObject Spec(string stack = "web") => new() { ["stack"] = stack, ["source"] = Git.DeepClone() };

    /// <summary>Build pods run to their end, all others are ready.</summary>
    public PodBehaviour Behave(FakePod pod) => IsBuild(pod)
        ? PodBehaviour.RunsToEnd(
            Step("source", Commit, Source), Step("build", "", Build), Step("push", Digest, Push))
        : PodBehaviour.Ready;

    /// <summary>Puts an image into the registry where a build of the stack would have pushed it.</summary>
    public FakeImage Pushes(Scene scene, string stack = "web")
    {
        var image = scene.Push(stack, "built");
        Digest = image.Digest;
        return image;
    }

    public static Task<IReadOnlyList<JsonNode>> JobsAsync(Scene scene) => scene.World.Cluster.Server.ListAsync(JobsPath(scene.Namespace));

    public static async Task SeeNoBuildAsync(Scene scene)
    {
        await Eventually.See("no Job", () => JobsAsync(scene), jobs => jobs.Count == 0, () => scene.World.Operator.Log);
        await Eventually.See("no pod of a build", scene.PodsAsync, pods => !pods.Any(IsBuild), () => scene.World.Operator.Log);
    }

    public static string JobsPath(TestNamespace @namespace) => $"/apis/batch/v1/namespaces/{@namespace.Name}/jobs";

    private PodStep Step(string container, string message, Gate? gate) => container == Failing
        ? new PodStep(container, 3, "it went wrong") { Gate = gate }
        : new PodStep(container, 0, message) { Gate = gate };
}
