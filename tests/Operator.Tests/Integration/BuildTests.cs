using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Releases that are built, with the real Job controller.</summary>
[Collection(ClusterCollection.Name)]
public sealed class BuildTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Fact]
    public async Task Its_phase_follows_the_containers_and_what_runs_is_what_was_pushed()
    {
        var builder = new Builder { Source = new Gate(), Build = new Gate(), Push = new Gate() };
        await using var scene = await world.NewSceneAsync(builder.Behave);
        var image = builder.Pushes(scene);
        await scene.StackAsync();
        await scene.ReleaseAsync("one", Builder.Spec());

        var building = await scene.PhaseAsync("one", "Building");
        building.ConditionText("ImageBuilt").ShouldBe("False Building");
        building.Text("status.deadlineAt").ShouldNotBeNull();
        builder.Source!.Open();
        await scene.SeeReleaseAsync("one", "builds", release => release.Text("status.message")?.StartsWith("building the image", StringComparison.Ordinal) == true);
        builder.Build!.Open();
        var pushing = await scene.PhaseAsync("one", "Pushing");
        (pushing.ConditionText("ImageBuilt"), pushing.Text("status.revision")).ShouldBe(("True ImageBuilt", Builder.Commit));
        builder.Push!.Open();
        var active = await scene.PhaseAsync("one", "Active");

        var version = active.Text("status.version")!;
        active.Text("status.imageReference").ShouldBe($"{image.Host}/{image.Repository}:{version}@{image.Digest}");
        (await scene.WorkloadAsync()).Text("spec.template.spec.containers.0.image").ShouldBe(active.Text("status.imageReference"));
        (active.ConditionText("ImagePushed"), active.ConditionText("WorkloadReady")).ShouldBe(("True ImagePushed", "True WorkloadReady"));
        active.Items("status.transitions").Select(transition => transition.Text("to"))
            .ShouldBe(["Pending", "Building", "Pushing", "Activating", "Active"]);
        await Builder.SeeNoBuildAsync(scene);
    }

    [Theory]
    [InlineData("source", "SourceFailed", "Building")]
    [InlineData("build", "BuildFailed", "Building")]
    [InlineData("push", "PushFailed", "Pushing")]
    public async Task A_step_that_fails_ends_the_release_there_and_what_was_active_runs_on(string step, string reason, string last)
    {
        var builder = new Builder { Failing = step };
        await using var scene = await world.NewSceneAsync(builder.Behave);
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        var one = await scene.PhaseAsync("one", "Active");

        await scene.ReleaseAsync("two", Builder.Spec());
        var failed = await scene.PhaseAsync("two", "Failed");

        failed.Text("status.failure.reason").ShouldBe(reason);
        failed.Text("status.failure.message")!.ShouldContain($"container {step}");
        failed.Text("status.failure.message")!.ShouldContain("exit code 3");
        failed.Items("status.transitions")[^1].Text("from").ShouldBe(last);
        failed.ConditionText("Stalled").ShouldBe($"True {reason}");
        (await scene.WorkloadAsync()).Text("spec.template.spec.containers.0.image").ShouldBe(one.Text("status.imageReference"));
        await Builder.SeeNoBuildAsync(scene);
        (await scene.SeeStackSettledAsync()).Text("status.activeDeployment").ShouldBe("one");
    }

    [Theory]
    [InlineData("Pending", "cancel")]
    [InlineData("Building", "cancel")]
    [InlineData("Pushing", "cancel")]
    [InlineData("Building", "delete")]
    [InlineData("Pushing", "delete")]
    public async Task Taken_back_in_any_phase_its_Job_and_pods_are_gone_and_it_stays_cancelled(string phase, string how)
    {
        var held = new Gate();
        var builder = new Builder { Build = phase == "Building" ? held : null, Push = phase == "Pushing" ? held : null };
        await using var scene = await world.NewSceneAsync(pod => phase == "Pending" && Builder.IsBuild(pod) ? PodBehaviour.ImagePullBackOff("no such builder") : builder.Behave(pod));
        await scene.StackAsync();
        await scene.ReleaseAsync("one", Builder.Spec());
        await scene.PhaseAsync("one", phase);
        await Eventually.See("the Job", () => Builder.JobsAsync(scene), jobs => jobs.Count == 1);

        if (how == "cancel")
        {
            await scene.MergeReleaseAsync("one", new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
            (await scene.PhaseAsync("one", "Cancelled")).Items("status.transitions")[^1].Text("from").ShouldBe(phase);
        }
        else
        {
            await scene.DeleteAsync(scene.Namespace.Slipways("deployments", "one"));
        }

        await Builder.SeeNoBuildAsync(scene);
        held.Open();
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        await scene.PhaseAsync("two", "Active");
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Select(release => release.Phase).ShouldBe(["cancelled", "active"]);
    }

    [Theory]
    [InlineData("Pending", "buildTimeoutSeconds", "no such builder")]
    [InlineData("Building", "buildTimeoutSeconds", "building the image")]
    [InlineData("Pushing", "pushTimeoutSeconds", "pushing the image")]
    public async Task Each_phase_ends_at_its_deadline_with_the_cause(string phase, string timeout, string cause)
    {
        var builder = new Builder { Build = phase == "Building" ? new Gate() : null, Push = phase == "Pushing" ? new Gate() : null };
        await using var scene = await world.NewSceneAsync(pod => phase == "Pending" && Builder.IsBuild(pod) ? PodBehaviour.ImagePullBackOff("no such builder") : builder.Behave(pod));
        await scene.StackAsync(spec: new JsonObject { ["policy"] = new JsonObject { [timeout] = 8 } });
        await scene.ReleaseAsync("one", Builder.Spec());

        var failed = await scene.PhaseAsync("one", "Failed");

        failed.Text("status.failure.reason").ShouldBe("Timeout");
        failed.Items("status.transitions")[^1].Text("from").ShouldBe(phase);
        failed.Text("status.failure.message")!.ShouldContain(cause);
        await Builder.SeeNoBuildAsync(scene);
    }

    [Fact]
    public async Task A_Job_that_somebody_removes_is_made_again_with_what_the_release_was_admitted_with()
    {
        var builder = new Builder { Build = new Gate() };
        await using var scene = await world.NewSceneAsync(builder.Behave);
        builder.Pushes(scene);
        await scene.StackAsync(spec: new JsonObject { ["build"] = new JsonObject { ["dockerfile"] = "one.Dockerfile" } });
        await scene.ReleaseAsync("one", Builder.Spec());
        await scene.PhaseAsync("one", "Building");
        var first = (await Builder.JobsAsync(scene)).Single();
        await scene.MergeStackAsync("web", new JsonObject { ["spec"] = new JsonObject { ["build"] = new JsonObject { ["dockerfile"] = "two.Dockerfile" } } });

        await world.Cluster.Server.DeleteAsync($"{Builder.JobsPath(scene.Namespace)}/{first.Text("metadata.name")}?propagationPolicy=Background");
        var second = (await Eventually.See(
            "another Job", () => Builder.JobsAsync(scene), jobs => jobs.Count == 1 && jobs[0].Text("metadata.uid") != first.Text("metadata.uid"))).Single();

        second.Text("metadata.name").ShouldBe(first.Text("metadata.name"));
        second["spec"]!["template"]!.ToJsonString().ShouldContain("one.Dockerfile");
        second["spec"]!["template"]!.ToJsonString().ShouldNotContain("two.Dockerfile");
        builder.Build!.Open();
        await scene.PhaseAsync("one", "Active");
    }

    [Fact]
    public async Task Under_Parallel_builds_run_side_by_side_and_the_newest_version_wins()
    {
        var (slow, fast) = (new Gate(), new Gate());
        var builder = new Builder();
        await using var scene = await world.NewSceneAsync(pod => !Builder.IsBuild(pod)
            ? PodBehaviour.Ready
            : PodBehaviour.RunsToEnd(new PodStep("push", 0, builder.Digest) { Gate = pod.Label("slipway.dev/release") == "one" ? slow : fast }));
        builder.Pushes(scene);
        await scene.StackAsync(spec: StackSpecs.Parallel());
        await scene.ReleaseAsync("one", Builder.Spec());
        await scene.PhaseAsync("one", "Pushing");
        await scene.ReleaseAsync("two", Builder.Spec());
        await scene.PhaseAsync("two", "Pushing");

        fast.Open();
        await scene.PhaseAsync("two", "Active");
        slow.Open();
        var overtaken = await scene.PhaseAsync("one", "Superseded");

        overtaken.Items("status.transitions").Select(transition => transition.Text("to")).ShouldNotContain("Activating");
        await Builder.SeeNoBuildAsync(scene);
    }

    [Fact]
    public async Task Its_pods_are_not_taken_for_those_of_the_stack()
    {
        var builder = new Builder { Build = new Gate() };
        await using var scene = await world.NewSceneAsync(builder.Behave);
        await scene.StackAsync(spec: new JsonObject { ["service"] = new JsonObject { ["port"] = 80 } });
        await scene.ReleaseAsync("one", Builder.Spec());
        await scene.PhaseAsync("one", "Building");

        var service = (await world.Cluster.Server.GetAsync(scene.Namespace.Core("services", "web")))!;
        var selector = service["spec"]!["selector"]!.AsObject();
        foreach (var pod in await scene.PodsAsync())
        {
            selector.All(pair => pod.Label(pair.Key) == (string?)pair.Value).ShouldBeFalse();
        }
    }
}
