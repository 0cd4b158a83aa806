using System.Text.Json.Nodes;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Nodes;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>Stories of releases that are built: one Job for each, and none in the end.</summary>
internal static class BuildStories
{
    private static readonly Func<FakePod, PodBehaviour> NeverBuilt = new Builder { Build = new Gate() }.Behave;
    private static readonly Func<FakePod, PodBehaviour> NeverPushed = new Builder { Push = new Gate() }.Behave;

    public static IReadOnlyList<Story> All =>
    [
        new Story
        {
            Name = "a release that is built",
            Before = async scene =>
            {
                var builder = new Builder();
                builder.Pushes(scene);
                scene.World.Node.Serve(scene.Namespace.Name, builder.Behave);
                await scene.StackAsync(spec: StackSpecs.Parallel());
            },
            Act = ReleaseAsync,
            Moves = ["one: pending building pushing activating active"],
            Running = "one",
            Templates = 1,
            Builds = 1,
        },
        new Story
        {
            Name = "a build that fails",
            Before = scene => scene.StackAsync(spec: StackSpecs.Parallel()),
            Act = ReleaseAsync,
            Moves = ["one: pending building failed"],
            Running = null,
            Templates = 0,
            Builds = 1,
            Pods = new Builder { Failing = "build" }.Behave,
        },
        new Story
        {
            Name = "a release that is cancelled while it is built",
            Before = scene => ReachAsync(scene, "Building"),
            Act = CancelAsync,
            Moves = ["one: pending building cancelled"],
            Running = null,
            Templates = 0,
            Builds = 1,
            Pods = NeverBuilt,
        },
        new Story
        {
            Name = "a release that is cancelled while it is pushed",
            Before = scene => ReachAsync(scene, "Pushing"),
            Act = CancelAsync,
            Moves = ["one: pending building pushing cancelled"],
            Running = null,
            Templates = 0,
            Builds = 1,
            Pods = NeverPushed,
        },
        new Story
        {
            Name = "a newer release that ends a build",
            Before = async scene =>
            {
                await scene.StackAsync(spec: StackSpecs.Concurrency("Supersede"));
                await ReachAsync(scene, "Building");
            },
            Act = scene => scene.ReleaseAsync("two", scene.Push("two").ByTag),
            Moves = ["one: pending building superseded", "two: pending activating active"],
            Running = "two",
            Templates = 1,
            Builds = 1,
            Pods = NeverBuilt,
        },
        new Story
        {
            Name = "a stack that is deleted with a build in flight and a release that waits",
            Before = async scene =>
            {
                await scene.StackAsync();
                await ReachAsync(scene, "Building");
                await scene.ReleaseAsync("two", scene.Push("two").ByTag);
                await scene.WaitsAsync("two", "DeploymentInProgress");
            },
            Act = scene => scene.World.Cluster.Server.DeleteAsync(scene.Namespace.Slipways("stacks", "web")),
            Moves = ["one: pending building cancelled", "two: cancelled"],
            Gone = ["stacks/web"],
            Running = null,
            Templates = 0,
            Builds = 1,
            Pods = NeverBuilt,
        },
    ];

    private static Task ReleaseAsync(Scene scene) => scene.ReleaseAsync("one", Builder.Spec());

    private static async Task ReachAsync(Scene scene, string phase)
    {
        if (await scene.World.Cluster.Server.GetAsync(scene.Namespace.Slipways("stacks", "web")) is null)
        {
            await scene.StackAsync(spec: StackSpecs.Parallel());
        }

        await ReleaseAsync(scene);
        await scene.PhaseAsync("one", phase);
    }

    private static Task CancelAsync(Scene scene) =>
        scene.MergeReleaseAsync("one", new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
}
