using System.Text.Json.Nodes;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Nodes;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>Stories of releases that meet others: in flight, waiting, or of the past.</summary>
internal static class TurnStories
{
    public static IReadOnlyList<Story> All =>
    [
        new Story
        {
            Name = "a release that waits for its turn",
            Before = scene => OneHeldAsync(scene, "Queue"),
            Act = scene => scene.ReleaseAsync("two", scene.Push("two").ByTag),
            Meanwhile = async scene =>
            {
                await scene.WaitsAsync("two", "DeploymentInProgress");
                foreach (var pod in await scene.PodsAsync())
                {
                    await scene.World.Node.ShowAsync(pod, PodBehaviour.Ready);
                }
            },
            Moves = ["one: pending activating active superseded", "two: pending activating active"],
            Running = "two",
            Templates = 2,
            Pods = HeldIsNeverReady,
        },
        new Story
        {
            Name = "a release that is rejected because of another",
            Before = scene => OneHeldAsync(scene, "Reject"),
            Act = scene => scene.ReleaseAsync("two", scene.Push("two").ByTag),
            Moves = ["one: pending activating", "two: failed"],
            Running = "one",
            Templates = 1,
            Pods = HeldIsNeverReady,
        },
        new Story
        {
            Name = "a rollback",
            Before = TwoActiveAsync,
            Act = async scene =>
            {
                var one = await scene.GetReleaseAsync("one");
                await ReleaseAsync(scene, "back", new JsonObject { ["rollback"] = new JsonObject { ["version"] = one.Text("status.version") } });
            },
            Moves = ["one: pending activating active superseded", "two: pending activating active rolled_back", "back: pending activating active"],
            Running = "back",
            Templates = 3,
        },
        new Story
        {
            Name = "the active image with another template",
            Before = async scene =>
            {
                await OneActiveAsync(scene);
                await scene.StackAsync(spec: StackSpecs.Concurrency("Supersede").With(StackSpecs.Container("args", new JsonArray("new"))));
            },
            Act = scene => ReleaseAsync(scene, "again", new JsonObject { ["current"] = new JsonObject() }),
            Moves = ["one: pending activating active superseded", "again: pending activating active"],
            Running = "again",
            Templates = 2,
            Check = scene => scene.SeeWorkloadAsync("the new template", one => one.Text("spec.template.spec.containers.0.args.0") == "new"),
        },
    ];

    private static async Task OneHeldAsync(Scene scene, string concurrency)
    {
        await scene.StackAsync(spec: StackSpecs.Concurrency(concurrency));
        await scene.ReleaseAsync("one", scene.Push("held").ByTag);
        await scene.PhaseAsync("one", "Activating");
        await Eventually.See("its pod", scene.PodsAsync, pods => pods.Count == 1, () => scene.World.Operator.Log);
    }

    private static async Task OneActiveAsync(Scene scene)
    {
        await scene.StackAsync(spec: StackSpecs.Concurrency("Supersede"));
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
    }

    private static async Task TwoActiveAsync(Scene scene)
    {
        await OneActiveAsync(scene);
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Active");
    }

    private static Task ReleaseAsync(Scene scene, string name, JsonObject source) =>
        scene.ReleaseAsync(name, new JsonObject { ["stack"] = "web", ["source"] = source });

    private static PodBehaviour HeldIsNeverReady(FakePod pod) =>
        pod.Image.Contains("/held", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready;
}
