using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Variables in the Stack itself.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EnvBaselineTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Fact]
    public async Task Changed_with_source_and_template_at_once_they_make_one_release()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Source(scene, "a").With(Env(("A", "1"))));
        await scene.PhaseWhenMadeAsync("web-1", "Active");
        var b = scene.Push("b").ByTag;

        await scene.StackAsync(spec: Source(scene, "b").With(Env(("A", "2"))).With(StackSpecs.Container("args", new JsonArray("new"))));

        var made = await scene.PhaseWhenMadeAsync("web-2", "Active");
        (made.Text("spec.source.image"), made.Number("status.envRevision")).ShouldBe((b, 2));
        await scene.SeeVariablesAsync("A=2");
        (await scene.WorkloadAsync()).Text("spec.template.spec.containers.0.args.0").ShouldBe("new");
        await scene.SeeStackAsync("web", "settled", stack => stack.Number("status.observedGeneration") == 2 && stack.Condition("Reconciling") is null);
        (await scene.ReleaseNamesAsync()).ShouldBe(["web-1", "web-2"]);
    }

    [Fact]
    public async Task Changed_alone_they_make_one_release_of_what_runs()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Source(scene, "a").With(Env(("A", "1"))));
        var first = await scene.PhaseWhenMadeAsync("web-1", "Active");

        await scene.StackAsync(spec: Source(scene, "a").With(Env(("A", "2"), ("B", "3"))));

        var made = await scene.PhaseWhenMadeAsync("web-2", "Active");
        made.At("spec.source.current").ShouldNotBeNull();
        made.Text("status.imageReference").ShouldBe(first.Text("status.imageReference"));
        await scene.SeeVariablesAsync("A=2 B=3");
        await scene.StackAsync(spec: Source(scene, "a").With(Env(("A", "2"), ("B", "3"))).With(StackSpecs.Replicas(2)));
        await scene.SeeStackAsync("web", "looked at", stack => stack.Number("status.observedGeneration") == 3);
        (await scene.RevisionsAsync()).ShouldBe([1L, 2L]);
        (await scene.ReleaseNamesAsync()).ShouldBe(["web-1", "web-2"]);
    }

    [Fact]
    public async Task Without_a_source_they_wait_for_the_next_release()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "1")));
        await scene.ActiveAsync();

        await scene.StackAsync(spec: Env(("A", "2")));

        (await scene.SeeStackAsync("web", "revision 2", stack => stack.Number("status.envRevision") == 2)).Text("status.activeDeployment").ShouldBe("one");
        await scene.SeeVariablesAsync("A=1");
        await scene.ActiveAsync("two");
        await scene.SeeVariablesAsync("A=2");
        (await scene.ReleaseNamesAsync()).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Patches_stand_over_them_when_they_change_and_one_that_patches_hide_stays_hidden()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "1"), ("B", "1"), ("C", "1")));
        await scene.ActiveAsync();
        await scene.PatchAsync("over", Set(("A", "patched")).With(Unset("B")).Quietly());
        await scene.PatchPhaseAsync("over", "Applied");

        await scene.StackAsync(spec: Env(("A", "2"), ("B", "2"), ("C", "2")));
        await scene.SeeStackAsync("web", "revision 3", stack => stack.Number("status.envRevision") == 3);
        await scene.ActiveAsync("two");

        await scene.SeeVariablesAsync("A=patched C=2");
    }

    [Theory]
    [InlineData("too large", "EnvTooLarge")]
    [InlineData("a bad key", "InvalidEnvKey")]
    public async Task Those_that_cannot_be_taken_stall_the_stack_and_keep_the_old_ones_until_they_are_mended(string what, string reason)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: Env(("A", "1")));
        var one = await scene.ActiveAsync();
        await scene.ActiveAsync("two");
        var workload = await scene.SettledWorkloadAsync();

        await scene.StackAsync(spec: what == "too large" ? Env(("A", new string('x', 70_000))) : Env(("not a key", "1")));

        var stalled = await scene.SeeStackAsync("web", "stalled", stack => stack.ConditionText("Stalled") == $"True {reason}");
        (stalled.ConditionText("Ready"), stalled.Number("status.envRevision")).ShouldBe(($"False {reason}", 1));
        (await scene.WorkloadAsync()).At("spec")!.ToJsonString().ShouldBe(workload.At("spec")!.ToJsonString());
        await scene.ReleaseAsync("three", scene.Push("three").ByTag);
        await scene.WaitsAsync("three", reason);
        await scene.ReleaseAsync("back", Rollback(one.Text("status.version")!));
        await scene.PhaseAsync("back", "Active");
        (await scene.RevisionsAsync()).ShouldBe([1L]);

        await scene.StackAsync(spec: Env(("A", "3")));

        await scene.PhaseAsync("three", "Active");
        await scene.SeeVariablesAsync("A=3");
        (await scene.SeeStackSettledAsync()).Condition("Stalled").ShouldBeNull();
    }

    private static JsonObject Source(Scene scene, string image) =>
        new() { ["source"] = new JsonObject { ["image"] = scene.Push(image).ByTag } };
}
