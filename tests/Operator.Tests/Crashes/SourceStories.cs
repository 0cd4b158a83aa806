using System.Text.Json.Nodes;
using Slipway.Operator.Tests.Integration;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>Stories of stacks that release what their own source says.</summary>
internal static class SourceStories
{
    public static IReadOnlyList<Story> All =>
    [
        new Story
        {
            Name = "a change of a stack's source, which lets the oldest Deployment go",
            Before = async scene =>
            {
                await ChangeAsync(scene, "a");
                await scene.PhaseAsync("web-1", "Active");
                await ChangeAsync(scene, "b");
                await scene.PhaseAsync("web-2", "Active");
            },
            Act = scene => ChangeAsync(scene, "c"),
            Moves =
            [
                "web-1: pending activating active superseded", "web-2: pending activating active superseded", "web-3: pending activating active",
            ],
            Gone = ["deployments/web-1"],
            Running = "web-3",
            Templates = 3,
            Made = 3,
        },
    ];

    private static Task ChangeAsync(Scene scene, string image) => scene.StackAsync(spec: new JsonObject
    {
        ["source"] = new JsonObject { ["image"] = scene.Push(image).ByTag },
        ["policy"] = new JsonObject { ["concurrency"] = "Supersede", ["historyLimit"] = 1 },
    });
}
