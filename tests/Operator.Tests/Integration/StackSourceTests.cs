using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Stacks that release what their own source says.</summary>
[Collection(ClusterCollection.Name)]
public sealed class StackSourceTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    public async Task InitializeAsync() => await world.Operator.StartAsync();

    public async Task DisposeAsync() => await world.Operator.DisposeAsync();

    [Fact]
    public async Task Each_change_makes_one_Deployment_also_back_to_what_it_was_and_across_restarts()
    {
        await using var scene = await world.NewSceneAsync();
        var (a, b) = (scene.Push("a").ByTag, scene.Push("b").ByTag);
        await scene.StackAsync(spec: Source(a));
        await SeeActiveAsync(scene, "web-1", a);
        await scene.StackAsync(spec: Source(b));
        await SeeActiveAsync(scene, "web-2", b);
        await world.Operator.KillAsync();
        await scene.StackAsync(spec: Source(a));
        await world.Operator.StartAsync();
        await SeeActiveAsync(scene, "web-3", a);

        await world.Operator.KillAsync();
        await world.Operator.StartAsync();
        await scene.StackAsync(spec: Source(a).With(StackSpecs.Replicas(2)));
        var stack = await scene.SeeStackAsync("web", "generation 4 looked at", one => one.Number("status.observedGeneration") == 4);
        (await NamesAsync(scene)).ShouldBe(["web-1", "web-2", "web-3"]);
        var made = await scene.GetReleaseAsync("web-3");
        made.At("metadata.ownerReferences.0.uid")!.ToString().ShouldBe(stack.Text("metadata.uid"));
        made.Text("spec.requestedBy").ShouldBe("stacks/web");
    }

    [Fact]
    public async Task An_unchanged_source_never_undoes_a_rollback_and_a_new_template_keeps_its_image()
    {
        await using var scene = await world.NewSceneAsync();
        var (a, b) = (scene.Push("a").ByTag, scene.Push("b").ByTag);
        await scene.StackAsync(spec: Source(a));
        var first = await SeeActiveAsync(scene, "web-1", a);
        await scene.StackAsync(spec: Source(b));
        await SeeActiveAsync(scene, "web-2", b);
        await scene.ReleaseAsync("back", new JsonObject
        {
            ["stack"] = "web",
            ["source"] = new JsonObject { ["rollback"] = new JsonObject { ["version"] = first.Text("status.version") } },
        });
        await scene.PhaseAsync("back", "Active");

        await scene.StackAsync(spec: Source(b).With(StackSpecs.Container("args", new JsonArray("new"))));
        var current = await SeeActiveAsync(scene, "web-3", a);

        current.At("spec.source.current").ShouldNotBeNull();
        (await scene.WorkloadAsync()).Text("spec.template.spec.containers.0.args.0").ShouldBe("new");
    }

    [Fact]
    public async Task A_source_that_fails_stalls_the_stack_until_a_template_or_source_mends_it()
    {
        await using var scene = await world.NewSceneAsync(
            pod => pod.Containers.First()["args"] is null ? PodBehaviour.CrashLoopBackOff("no args") : PodBehaviour.Ready);
        var a = scene.Push("a").ByTag;
        await scene.StackAsync(spec: Source(a).With(StackSpecs.Deadline(15)));
        await scene.PhaseAsync("web-1", "Failed");
        var stalled = await scene.SeeStackAsync("web", "stalled", stack => stack.ConditionText("Stalled") == "True ReleaseFailed");
        stalled.ConditionText("Ready").ShouldBe("False ReleaseFailed");
        stalled.Condition("Ready").Text("message")!.ShouldContain("CrashLoopBackOff");

        await scene.StackAsync(spec: Source(a).With(StackSpecs.Container("args", new JsonArray("new"))));

        (await SeeActiveAsync(scene, "web-2", a)).At("spec.source.image").ShouldNotBeNull();
        await scene.SeeStackSettledAsync();
    }

    [Fact]
    public async Task A_separate_Deployment_that_fails_leaves_the_stack_ready()
    {
        await using var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/bad", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready);
        await scene.StackAsync(spec: Source(scene.Push("good").ByTag).With(StackSpecs.Deadline(15)));
        await scene.PhaseAsync("web-1", "Active");

        await scene.ReleaseAsync("bad", scene.Push("bad").ByTag);
        await scene.PhaseAsync("bad", "Failed");

        (await scene.SeeStackSettledAsync()).Condition("Stalled").ShouldBeNull();
    }

    [Fact]
    public async Task A_storm_of_edits_ends_with_the_last_one_active_and_no_generation_released_twice()
    {
        await using var scene = await world.NewSceneAsync();
        var images = Enumerable.Range(0, 5).Select(number => scene.Push($"i{number}").ByTag).ToList();
        // Of its own: an operator that sees nothing between two edits with the same image has nothing new to release.
        var last = scene.Push("last").ByTag;
        for (var edit = 0; edit < 40; edit++)
        {
            await scene.StackAsync(spec: Source(edit == 39 ? last : images[edit % 5]));
            if (edit % 13 == 7)
            {
                await world.Operator.KillAsync();
                await world.Operator.StartAsync();
            }
        }

        await SeeActiveAsync(scene, "web-40", last);
        var stack = await scene.SeeStackSettledAsync();
        stack.Text("status.activeDeployment").ShouldBe("web-40");
        var rows = await world.Ledger.ReleasesAsync(scene.Namespace.Name);
        rows.Select(row => row.Name).ShouldBeUnique();
        rows.Count(row => row.Phase == "active").ShouldBe(1);
    }

    [Fact]
    public async Task Ended_ones_beyond_the_limit_are_removed_and_those_of_others_stay()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.ReleaseAsync("mine", scene.Push("mine").ByTag);
        var limited = new JsonObject { ["policy"] = new JsonObject { ["historyLimit"] = 1 } };
        await scene.StackAsync(spec: limited);
        await scene.PhaseAsync("mine", "Active");
        for (var number = 0; number < 4; number++)
        {
            var image = scene.Push($"i{number}").ByTag;
            await scene.StackAsync(spec: Source(image).With(limited));
            await SeeActiveAsync(scene, $"web-{number + 2}", image);
        }

        await Eventually.See("pruned", () => NamesAsync(scene), names => names.SequenceEqual(["mine", "web-4", "web-5"]), () => world.Operator.Log);
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Select(row => row.Name).ShouldBe(["mine", "web-2", "web-3", "web-4", "web-5"]);
    }

    [Fact]
    public async Task A_name_that_somebody_else_has_gets_a_suffix()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.ReleaseAsync("web-1", scene.Push("other").ByTag, "elsewhere");
        await scene.WaitsAsync("web-1", "StackNotFound");
        var image = scene.Push("a").ByTag;

        await scene.StackAsync(spec: Source(image));
        var stack = await scene.SeeStackAsync("web", "active", one => one.Text("status.activeDeployment")?.StartsWith("web-1-", StringComparison.Ordinal) == true);

        stack.Text("status.activeImage")!.ShouldStartWith(image);
    }

    [Fact]
    public async Task Deleting_the_stack_takes_what_it_made_with_it()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Source(scene.Push("a").ByTag));
        await scene.PhaseAsync("web-1", "Active");

        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));

        await Eventually.See("nothing is left", () => NamesAsync(scene), names => names.Count == 0, () => world.Operator.Log);
    }

    private static JsonObject Source(string image) => new() { ["source"] = new JsonObject { ["image"] = image } };

    private static async Task<JsonNode> SeeActiveAsync(Scene scene, string name, string image)
    {
        await Eventually.See($"{name} exists", () => NamesAsync(scene), names => names.Contains(name), () => scene.World.Operator.Log);
        var active = await scene.PhaseAsync(name, "Active");
        active.Text("status.imageReference")!.ShouldStartWith(image);
        return active;
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(Scene scene) =>
        [.. (await scene.World.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments"))).Select(one => one.Text("metadata.name")!).Order(StringComparer.Ordinal)];
}
