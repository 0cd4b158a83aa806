using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Nodes;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>The stories that are interrupted everywhere.</summary>
internal static class Stories
{
    private static readonly JsonObject WithService = new() { ["service"] = new JsonObject { ["port"] = 80 } };

    public static IReadOnlyList<Story> All { get; } = [.. OfImages, .. BuildStories.All, .. TurnStories.All, .. SourceStories.All, .. EnvStories.All, .. TeamStories.All];

    private static IReadOnlyList<Story> OfImages =>
    [
        new Story
        {
            Name = "the first release of a new stack",
            Act = async scene =>
            {
                await scene.StackAsync(spec: WithService);
                await scene.ReleaseAsync("one", scene.Push("one").ByTag);
            },
            Moves = ["one: pending activating active"],
            Running = "one",
            Templates = 1,
        },
        new Story
        {
            Name = "a release that takes the place of another",
            Before = scene => OneActiveAsync(scene, "Parallel"),
            Act = scene => scene.ReleaseAsync("two", scene.Push("next").ByTag),
            Moves = ["one: pending activating active superseded", "two: pending activating active"],
            Running = "two",
            Templates = 2,
        },
        new Story
        {
            Name = "a release that is cancelled while it activates",
            Before = TwoActivatingAsync,
            Act = scene => scene.MergeReleaseAsync("two", new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } }),
            Moves = ["one: pending activating active", "two: pending activating cancelled"],
            Running = "one",
            Templates = 2,
            Pods = TwoIsNeverReady,
        },
        new Story
        {
            Name = "a release that is deleted while it activates",
            Before = TwoActivatingAsync,
            Act = scene => scene.World.Cluster.Server.DeleteAsync(scene.Namespace.Slipways("deployments", "two")),
            Moves = ["one: pending activating active", "two: pending activating cancelled"],
            Gone = ["deployments/two"],
            Running = "one",
            Templates = 2,
            Pods = TwoIsNeverReady,
        },
        new Story
        {
            Name = "a stack that is deleted with its workload",
            Before = TwoActivatingAsync,
            Act = DeleteStackAsync,
            Moves = ["one: pending activating active superseded", "two: pending activating cancelled"],
            Gone = ["stacks/web"],
            Running = null,
            Templates = 0,
            Pods = TwoIsNeverReady,
        },
        new Story
        {
            Name = "a stack that is deleted and leaves its workload",
            Before = async scene =>
            {
                await scene.StackAsync(spec: WithService.DeepClone().AsObject().With(new JsonObject { ["deletionPolicy"] = "Orphan" }));
                await scene.ReleaseAsync("one", scene.Push("one").ByTag);
                await scene.PhaseAsync("one", "Active");
            },
            Act = DeleteStackAsync,
            Moves = ["one: pending activating active superseded"],
            Gone = ["stacks/web"],
            Running = "one",
            Templates = 1,
            Check = async scene => (await scene.WorkloadAsync()).Items("metadata.ownerReferences").ShouldBeEmpty(),
        },
        new Story
        {
            Name = "a release that is refused",
            Before = scene => scene.StackAsync(),
            Act = scene => scene.ReleaseAsync("one", "not an image"),
            Moves = ["one: failed"],
            Running = null,
            Templates = 0,
        },
        new Story
        {
            Name = "a release whose image is not there",
            Before = scene => scene.StackAsync(),
            Act = scene => scene.ReleaseAsync("one", $"{scene.World.Registry.Host}/{scene.Namespace.Name}/none:1"),
            Moves = ["one: pending failed"],
            Running = null,
            Templates = 0,
        },
    ];

    private static async Task OneActiveAsync(Scene scene, string concurrency = "Queue")
    {
        await scene.StackAsync(spec: WithService.DeepClone().AsObject().With(StackSpecs.Concurrency(concurrency)));
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
    }

    private static async Task TwoActivatingAsync(Scene scene)
    {
        await OneActiveAsync(scene);
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Activating");
        await Eventually.See("pods of both", scene.PodsAsync, pods => pods.Count == 2, () => scene.World.Operator.Log);
    }

    private static Task DeleteStackAsync(Scene scene) =>
        scene.World.Cluster.Server.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));

    private static PodBehaviour TwoIsNeverReady(FakePod pod) =>
        pod.Image.Contains("/two", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready;
}
