using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Reject, Supersede, and how long a release waits for its turn.</summary>
[Collection(ClusterCollection.Name)]
public sealed class PolicyTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Fact]
    public async Task Reject_fails_the_second_at_once_and_says_who_holds_the_stack()
    {
        var held = new Gate();
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.ReadyAfter(held));
        await scene.StackAsync(spec: StackSpecs.Concurrency("Reject"));
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        var one = await scene.PhaseAsync("one", "Activating");

        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        var two = await scene.PhaseAsync("two", "Failed");

        (two.Text("status.failure.reason"), two.Text("status.version")).ShouldBe(("DeploymentInProgress", null));
        two.Text("status.failure.message")!.ShouldContain($"one (version {one.Text("status.version")})");
        held.Open();
        await scene.PhaseAsync("one", "Active");
        await scene.ReleaseAsync("three", scene.Push("three").ByTag);
        (await scene.PhaseAsync("three", "Active")).Text("status.version")!.ShouldEndWith(".2");
        (await scene.GetReleaseAsync("two")).Text("status.phase").ShouldBe("Failed");
    }

    [Fact]
    public async Task Supersede_ends_the_older_one_and_its_build()
    {
        var builder = new Builder { Build = new Gate() };
        await using var scene = await world.NewSceneAsync(builder.Behave);
        await scene.StackAsync(spec: StackSpecs.Concurrency("Supersede"));
        await scene.ReleaseAsync("one", Builder.Spec());
        await scene.PhaseAsync("one", "Building");

        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        var two = await scene.PhaseAsync("two", "Active");
        var one = await scene.PhaseAsync("one", "Superseded");

        one.Text("status.supersededBy").ShouldBe(two.Text("status.version"));
        one.ConditionText("Ready").ShouldBe("True Superseded");
        await Builder.SeeNoBuildAsync(scene);
    }

    [Fact]
    public async Task Supersede_lets_the_newest_of_many_win()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: StackSpecs.Concurrency("Supersede").With(new JsonObject { ["suspend"] = true }));
        var image = scene.Push().ByTag;
        for (var number = 0; number < 8; number++)
        {
            await scene.ReleaseAsync($"r{number}", image);
        }

        await scene.WaitsAsync("r7", "Suspended");
        await scene.MergeStackAsync("web", new JsonObject { ["spec"] = new JsonObject { ["suspend"] = false } });

        await scene.PhaseAsync("r7", "Active");
        for (var number = 0; number < 7; number++)
        {
            // It was overtaken while it waited or ran, or was active for a moment: Superseded each time.
            await scene.SeeReleaseAsync($"r{number}", "Superseded", release => release.Text("status.phase") == "Superseded");
        }

        var versions = (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Where(row => row.Version.Length > 0).Select(row => row.Version).ToList();
        versions.ShouldBeUnique();
    }

    [Fact]
    public async Task A_turn_that_does_not_come_in_time_fails_the_release_that_waits_and_no_other()
    {
        var held = new Gate();
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.ReadyAfter(held));
        await scene.StackAsync(spec: new JsonObject { ["policy"] = new JsonObject { ["queueTimeoutSeconds"] = 10 } });
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Activating");

        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        (await scene.WaitsAsync("two", "DeploymentInProgress")).Text("status.deadlineAt").ShouldNotBeNull();
        var two = await scene.PhaseAsync("two", "Failed");

        (two.Text("status.failure.reason"), two.Text("status.version")).ShouldBe(("Timeout", null));
        two.Text("status.failure.message")!.ShouldContain("queueTimeoutSeconds");
        held.Open();
        await scene.PhaseAsync("one", "Active");
    }

    [Fact]
    public async Task A_policy_changed_in_mid_flight_concerns_those_that_come_later()
    {
        var held = new Gate();
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.ReadyAfter(held));
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Activating");
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.WaitsAsync("two", "DeploymentInProgress");

        await scene.StackAsync(spec: StackSpecs.Concurrency("Parallel"));
        await scene.ReleaseAsync("three", scene.Push("three").ByTag);
        await scene.WaitsAsync("three", "DeploymentInProgress");
        await scene.StackAsync(spec: StackSpecs.Concurrency("Reject"));
        await scene.PhaseAsync("two", "Failed");
        await scene.PhaseAsync("three", "Failed");
        (await scene.GetReleaseAsync("one")).Text("status.phase").ShouldBe("Activating");
        held.Open();
        await scene.PhaseAsync("one", "Active");
    }
}
