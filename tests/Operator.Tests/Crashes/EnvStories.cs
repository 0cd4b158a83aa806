using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>Stories of variables: of patches, and of those in the stack itself.</summary>
internal static class EnvStories
{
    public static IReadOnlyList<Story> All =>
    [
        new Story
        {
            Name = "a patch and its release",
            Before = async scene =>
            {
                await scene.StackAsync(spec: Env(("A", "0")));
                await scene.ActiveAsync();
            },
            Act = scene => scene.PatchAsync("late", Set(("A", "1"))),
            Moves = ["one: pending activating active superseded", "late-env-2: pending activating active"],
            Running = "late-env-2",
            Templates = 2,
            Made = 1,
            Check = async scene =>
            {
                var patch = await scene.PatchPhaseAsync("late", "Applied");
                (patch.Number("status.revision"), patch.Number("status.keysSet"), patch.Text("status.deployment")).ShouldBe((2, 1, "late-env-2"));
                await EndsWithAsync(scene, "A=1");
            },
        },
        new Story
        {
            Name = "a stack whose variables, source and template are changed at once",
            Before = async scene =>
            {
                await ChangeAsync(scene, "a", "0");
                await scene.PhaseWhenMadeAsync("web-1", "Active");
            },
            Act = scene => ChangeAsync(scene, "b", "1"),
            Moves = ["web-1: pending activating active superseded", "web-2: pending activating active"],
            Running = "web-2",
            Templates = 2,
            Made = 2,
            Check = async scene =>
            {
                (await scene.WorkloadAsync()).Text("spec.template.spec.containers.0.args.0").ShouldBe("1");
                await EndsWithAsync(scene, "A=1");
            },
        },
    ];

    private static async Task EndsWithAsync(Scene scene, string variables)
    {
        await scene.SeeVariablesAsync(variables);
        (await scene.RevisionsAsync()).ShouldBe([1L, 2L]);
    }

    private static Task ChangeAsync(Scene scene, string image, string value) => scene.StackAsync(spec: new JsonObject
    {
        ["source"] = new JsonObject { ["image"] = scene.Push(image).ByTag },
    }.With(Env(("A", value))).With(StackSpecs.Container("args", new JsonArray(value))));
}
