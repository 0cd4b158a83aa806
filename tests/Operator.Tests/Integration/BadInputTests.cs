using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>
/// Newer servers refuse some of it at once, by the rules in the schema; older ones drop those rules, and the operator says
/// the same on the object.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class BadInputTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    private static readonly string LongName = new('n', 64);

    [Fact]
    public async Task Without_a_source_it_is_refused()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();

        await AssertRefused(scene, "one", new JsonObject(), "InvalidSpec", "exactly one");
    }

    [Fact]
    public async Task With_two_sources_it_is_refused()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        var source = new JsonObject { ["image"] = scene.Push().ByTag, ["rollback"] = new JsonObject { ["version"] = "20300102.1" } };

        await AssertRefused(scene, "one", source, "InvalidSpec", "exactly one");
    }

    [Theory]
    [InlineData("not an image", "InvalidImage")]
    [InlineData("UPPER/case:1", "InvalidImage")]
    public async Task An_image_that_is_no_image_name_is_refused(string image, string reason)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();

        await AssertRefused(scene, "one", new JsonObject { ["image"] = image }, reason, image);
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();

        await AssertRefused(scene, LongName, new JsonObject { ["image"] = scene.Push().ByTag }, "InvalidName", "63");
    }

    [Fact]
    public async Task A_stack_with_a_name_that_is_too_long_stalls()
    {
        await using var scene = await world.NewSceneAsync();
        if (await Refusal(() => scene.StackAsync(LongName)) is { } refusal)
        {
            refusal.ShouldContain("63");
            return;
        }

        var stack = await scene.SeeStackAsync(LongName, "stalls", stack => stack.ConditionText("Stalled") == "True InvalidName");
        stack.Condition("Stalled").Text("message")!.ShouldContain("63");
        stack.ConditionText("Ready").ShouldBe("False InvalidName");
    }

    [Fact]
    public async Task A_template_without_the_released_container_is_said_on_both_objects()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: new JsonObject { ["containers"] = new JsonArray("other") });
        await scene.ReleaseAsync("one", scene.Push().ByTag);

        var stack = await scene.SeeStackAsync("web", "stalls", stack => stack.ConditionText("Stalled") == "True InvalidTemplate");
        stack.Condition("Stalled").Text("message")!.ShouldContain("other");
        await scene.WaitsAsync("one", "InvalidTemplate");

        await scene.StackAsync();
        await scene.PhaseAsync("one", "Active");
    }

    [Fact]
    public async Task An_edit_of_a_seen_release_is_not_followed()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        var image = scene.Push("one").ByTag;
        await scene.ReleaseAsync("one", image);
        await scene.PhaseAsync("one", "Active");
        var workload = await scene.SettledWorkloadAsync();

        if (await Refusal(() => scene.ReleaseAsync("one", scene.Push("two").ByTag)) is { } refusal)
        {
            refusal.ShouldContain("immutable");
            return;
        }

        var edited = await scene.SeeReleaseAsync(
            "one", "the edit is noticed", release => release.ConditionText("Stalled") == "True SpecChanged");
        edited.Text("status.phase").ShouldBe("Active");
        edited.Condition("Stalled").Text("message")!.ShouldContain("new Deployment");
        (await scene.WorkloadAsync()).Text("metadata.resourceVersion").ShouldBe(workload.Text("metadata.resourceVersion"));
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Count.ShouldBe(1);

        await scene.ReleaseAsync("one", image);
        await scene.SeeReleaseAsync(
            "one", "undoing the edit heals it", release => release.Condition("Stalled") is null && release.ConditionText("Ready") == "True Active");
    }

    [Fact]
    public async Task A_workload_of_somebody_else_is_left_alone()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.Namespace.Kubectl("create", "deployment", "web", "--image", "example.org/theirs:1");
        var theirs = await scene.SeeWorkloadAsync("pods", workload => workload.Number("status.replicas") == 1
            && workload.Number("status.availableReplicas") == 1);
        await scene.StackAsync();

        await scene.ReleaseAsync("one", scene.Push().ByTag);
        var release = await scene.PhaseAsync("one", "Failed");

        release.Text("status.failure.reason").ShouldBe("WorkloadConflict");
        release.Text("status.failure.message")!.ShouldContain("web");
        (await scene.WorkloadAsync()).Text("metadata.resourceVersion").ShouldBe(theirs.Text("metadata.resourceVersion"));
        (await scene.ReplicaSetsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_workload_that_the_api_server_refuses_fails_the_release_with_its_words()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: StackSpecs.Container("imagePullPolicy", "Sometimes"));

        await scene.ReleaseAsync("one", scene.Push().ByTag);
        var release = await scene.PhaseAsync("one", "Failed");

        release.Text("status.failure.reason").ShouldBe("WorkloadRefused");
        release.Text("status.failure.message")!.ShouldContain("Sometimes");
    }

    [Fact]
    public async Task A_bad_release_does_not_hold_up_the_others()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("a-bad", new JsonObject { ["stack"] = "web", ["source"] = new JsonObject { ["image"] = "not an image" } });
        await scene.ReleaseAsync("b-good", scene.Push().ByTag);

        await scene.PhaseAsync("b-good", "Active");
        await scene.PhaseAsync("a-bad", "Failed");
    }

    private async Task AssertRefused(Scene scene, string name, JsonObject source, string reason, string says)
    {
        var spec = new JsonObject { ["stack"] = "web", ["source"] = source };
        if (await Refusal(() => scene.ReleaseAsync(name, spec)) is { } refusal)
        {
            refusal.ShouldContain(says);
            return;
        }

        var release = await scene.PhaseAsync(name, "Failed");
        release.Text("status.failure.reason").ShouldBe(reason);
        release.Text("status.failure.message")!.ShouldContain(says);
        release.Text("status.version").ShouldBeNull();
        release.ConditionText("Stalled").ShouldBe($"True {reason}");
        (await scene.WorkloadAsync()).ShouldBeNull();
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).ShouldBe([new StoredRelease(name, "failed", "")]);
    }

    /// <summary>What the API server says against it; null when it takes it.</summary>
    private static async Task<string?> Refusal(Func<Task> write)
    {
        try
        {
            await write();
            return null;
        }
        catch (ApiServerException exception) when (exception.Code == HttpStatusCode.UnprocessableEntity)
        {
            return exception.Message;
        }
    }
}
