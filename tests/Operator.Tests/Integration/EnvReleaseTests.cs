using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Releases that bring new variables, beside others and among each other.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EnvReleaseTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    private const int Racers = 16;

    [Theory]
    [InlineData("Queue")]
    [InlineData("Reject")]
    [InlineData("Supersede")]
    [InlineData("Parallel")]
    public async Task What_is_in_flight_becomes_active_with_its_own_image_and_then_the_new_variables(string policy)
    {
        var held = new Gate();
        await using var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/two", StringComparison.Ordinal) ? PodBehaviour.ReadyAfter(held) : PodBehaviour.Ready);
        await scene.StackAsync(spec: StackSpecs.Concurrency(policy));
        await scene.ActiveAsync();
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Activating");

        await scene.PatchAsync("late", Set(("A", "1")));
        await scene.SeePatchAsync("late", "its release", patch => patch.Text("status.deployment") is not null);
        var waiting = await scene.WaitsAsync("late-env-1", "DeploymentInProgress");
        waiting.Condition("Reconciling").Text("message")!.ShouldContain("two (version");
        if (policy == "Reject")
        {
            await scene.ReleaseAsync("three", scene.Push("three").ByTag);
            (await scene.PhaseAsync("three", "Failed")).Text("status.failure.reason").ShouldBe("DeploymentInProgress");
        }

        held.Open();
        var late = await scene.PhaseAsync("late-env-1", "Active");
        var two = await scene.SeeReleaseAsync("two", "was active", release => release.Text("status.phase") == "Superseded");
        two.Items("status.transitions").Select(move => move.Text("to")).ShouldBe(["Pending", "Activating", "Active", "Superseded"]);
        late.Text("status.imageReference").ShouldBe(two.Text("status.imageReference"));
        (two.Number("status.envRevision"), late.Number("status.envRevision")).ShouldBe((null, 1));
        await scene.SeeVariablesAsync("A=1");
        (await scene.SeeStackSettledAsync()).Text("status.activeDeployment").ShouldBe("late-env-1");
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Queue")]
    [InlineData("Reject")]
    [InlineData("Supersede")]
    [InlineData("Parallel")]
    public async Task What_is_being_built_is_released_and_then_the_new_variables(string policy)
    {
        var builder = new Builder { Build = new Gate() };
        await using var scene = await world.NewSceneAsync(builder.Behave);
        await scene.StackAsync(spec: StackSpecs.Concurrency(policy));
        await scene.ActiveAsync();
        var image = builder.Pushes(scene);
        await scene.ReleaseAsync("two", Builder.Spec());
        await scene.PhaseAsync("two", "Building");

        await scene.PatchAsync("late", Set(("A", "1")));
        await scene.SeePatchAsync("late", "its release", patch => patch.Text("status.deployment") is not null);
        (await scene.WaitsAsync("late-env-1", "DeploymentInProgress")).Condition("Reconciling").Text("message")!.ShouldContain("now Building");

        builder.Build.Open();
        var late = await scene.PhaseAsync("late-env-1", "Active");
        var two = await scene.SeeReleaseAsync("two", "was active", release => release.Text("status.phase") == "Superseded");
        two.Items("status.transitions").Select(move => move.Text("to")).ShouldBe(["Pending", "Building", "Pushing", "Activating", "Active", "Superseded"]);
        two.Text("status.imageReference")!.ShouldEndWith(image.Digest);
        late.Text("status.imageReference").ShouldBe(two.Text("status.imageReference"));
        (two.Number("status.envRevision"), late.Number("status.envRevision")).ShouldBe((null, 1));
        await scene.SeeVariablesAsync("A=1");
    }

    [Fact]
    public async Task Under_Supersede_a_later_release_takes_its_place_and_brings_the_variables_itself()
    {
        var held = new Gate();
        await using var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/two", StringComparison.Ordinal) ? PodBehaviour.ReadyAfter(held) : PodBehaviour.Ready);
        await scene.StackAsync(spec: StackSpecs.Concurrency("Supersede"));
        await scene.ActiveAsync();
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Activating");
        await scene.PatchAsync("late", Set(("A", "1")));
        await scene.SeePatchAsync("late", "its release", patch => patch.Text("status.deployment") is not null);
        await scene.WaitsAsync("late-env-1", "DeploymentInProgress");

        // Within a second the name decides who is the later one.
        await scene.ActiveAsync("younger");

        await scene.PhaseAsync("two", "Superseded");
        var late = await scene.PhaseAsync("late-env-1", "Superseded");
        late.Text("status.message")!.ShouldContain("younger (version");
        await scene.SeeVariablesAsync("A=1");
    }

    [Fact]
    public async Task Without_an_active_release_the_patch_is_merged_and_the_next_release_brings_it()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();

        await scene.PatchAsync("early", Set(("A", "1")));

        await scene.PatchPhaseAsync("early", "Applied");
        var release = await scene.PatchReleaseAsync("early", "Superseded");
        (release.Text("status.version"), release.ConditionText("Ready")).ShouldBe((null, "True Superseded"));
        release.Text("status.message")!.ShouldContain("no active release");
        (await scene.ActiveAsync()).Number("status.envRevision").ShouldBe(1);
        await scene.SeeVariablesAsync("A=1");
    }

    [Fact]
    public async Task A_first_release_that_is_in_flight_is_waited_for()
    {
        var held = new Gate();
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.ReadyAfter(held));
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Activating");
        await scene.PatchAsync("early", Set(("A", "1")));
        await scene.SeePatchAsync("early", "its release", patch => patch.Text("status.deployment") is not null);
        await scene.WaitsAsync("early-env-1", "DeploymentInProgress");

        held.Open();

        await scene.PhaseAsync("early-env-1", "Active");
        await scene.SeeVariablesAsync("A=1");
    }

    [Theory]
    [InlineData("Queue")]
    [InlineData("Parallel")]
    public async Task Patches_at_once_lose_no_variable_and_leave_one_release_active(string policy)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: StackSpecs.Concurrency(policy).With(Env(("BASE", "0"))));
        await scene.ActiveAsync();

        await Parallel.ForAsync(0, Racers, async (number, _) => await scene.PatchAsync($"p{number:00}", Set(($"KEY_{number:00}", $"{number}"))));

        var patches = new List<System.Text.Json.Nodes.JsonNode>();
        for (var number = 0; number < Racers; number++)
        {
            patches.Add(await scene.SeePatchAsync($"p{number:00}", "its release", patch => patch.Text("status.deployment") is not null));
        }

        patches.Select(patch => patch.Number("status.revision")!.Value).Order().ShouldBe(Enumerable.Range(2, Racers).Select(number => (long)number));
        patches.Sum(patch => patch.Number("status.keysSet")).ShouldBe(Racers);
        patches.Sum(patch => patch.Number("status.keysUnset")).ShouldBe(0);
        patches.Max(patch => patch.Number("status.totalKeys")).ShouldBe(Racers + 1);
        (await scene.RevisionsAsync()).ShouldBe(Enumerable.Range(1, Racers + 1).Select(number => (long)number));
        await scene.SeeVariablesAsync(string.Join(' ', Enumerable.Range(0, Racers).Select(number => $"KEY_{number:00}={number}").Prepend("BASE=0")));
        await Eventually.See(
            "one active, the others over",
            async () => (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Select(row => row.Phase).Order(StringComparer.Ordinal).ToList(),
            phases => phases.SequenceEqual(Enumerable.Repeat("superseded", Racers).Prepend("active")),
            () => world.Operator.Log);
        (await scene.SeeStackSettledAsync()).Number("status.envRevision").ShouldBe(Racers + 1);
        await scene.SeeSecretsAsync(Racers + 1);
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();
    }
}
