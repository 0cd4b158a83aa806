using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Slipway.Testing.Registry;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class RollbackTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Fact]
    public async Task Restores_image_and_template_of_a_version_whose_object_is_gone_with_the_registry_away()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: StackSpecs.Container("args", new JsonArray("old")));
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        var one = await scene.PhaseAsync("one", "Active");
        await scene.StackAsync(spec: StackSpecs.Container("args", new JsonArray("new")));
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        var two = await scene.PhaseAsync("two", "Active");
        await scene.DeleteAsync(scene.Namespace.Slipways("deployments", "one"));
        world.Registry.Fail($"{scene.Namespace.Name}/one", new RegistryFault(HttpStatusCode.ServiceUnavailable));

        await scene.ReleaseAsync("back", Rollback(one.Text("status.version")!));
        var back = await scene.PhaseAsync("back", "Active");

        back.Text("status.imageReference").ShouldBe(one.Text("status.imageReference"));
        back.Text("status.rollbackOf").ShouldBe(one.Text("status.version"));
        back.Items("status.transitions").Select(transition => transition.Text("to")).ShouldBe(["Pending", "Activating", "Active"]);
        var container = (await scene.WorkloadAsync()).At("spec.template.spec.containers.0");
        (container.Text("image"), container.Text("args.0")).ShouldBe((one.Text("status.imageReference"), "old"));
        var replaced = await scene.PhaseAsync("two", "RolledBack");
        replaced.ConditionText("Ready").ShouldBe("True RolledBack");
        replaced.Text("status.supersededBy").ShouldBe(back.Text("status.version"));
        (await scene.SeeStackSettledAsync()).Text("status.activeVersion").ShouldBe(back.Text("status.version"));
        (await Builder.JobsAsync(scene)).ShouldBeEmpty();

        await scene.ReleaseAsync("forth", Rollback(two.Text("status.version")!));
        (await scene.PhaseAsync("forth", "Active")).Text("status.imageReference").ShouldBe(two.Text("status.imageReference"));
    }

    [Fact]
    public async Task A_cancelled_and_a_failed_rollback_leave_what_was_active_and_can_be_tried_again()
    {
        var behaviour = PodBehaviour.Ready;
        await using var scene = await world.NewSceneAsync(pod => pod.Image.Contains("/one", StringComparison.Ordinal) ? behaviour : PodBehaviour.Ready);
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        var target = (await scene.PhaseAsync("one", "Active")).Text("status.version")!;
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        var two = await scene.PhaseAsync("two", "Active");

        behaviour = PodBehaviour.NeverReady;
        await scene.ReleaseAsync("cancelled", Rollback(target));
        await scene.PhaseAsync("cancelled", "Activating");
        await scene.MergeReleaseAsync("cancelled", new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
        await scene.PhaseAsync("cancelled", "Cancelled");
        await scene.DeadlineAsync(2);
        await scene.ReleaseAsync("failed", Rollback(target));
        var failed = await scene.PhaseAsync("failed", "Failed");
        failed.Text("status.failure.message")!.ShouldEndWith($"two (version {two.Text("status.version")}), which was active, is put back");
        await scene.SeeWorkloadAsync("as it was", workload => workload.Text("spec.template.spec.containers.0.image") == two.Text("status.imageReference"));
        (await scene.PhaseAsync("two", "Active")).ConditionText("Ready").ShouldBe("True Active");

        behaviour = PodBehaviour.Ready;
        await scene.DeadlineAsync(600);
        await scene.ReleaseAsync("third", Rollback(target));
        await scene.PhaseAsync("third", "Active");
        await scene.PhaseAsync("two", "RolledBack");
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Count.ShouldBe(5, "nobody made another release in answer");
    }

    [Fact]
    public async Task What_cannot_be_restored_is_refused_with_the_reason_and_burns_no_version()
    {
        await using var scene = await world.NewSceneAsync(
            pod => pod.Image.Contains("/never", StringComparison.Ordinal) ? PodBehaviour.NeverReady : PodBehaviour.Ready);
        await scene.StackAsync();
        await scene.StackAsync("other");
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        var active = (await scene.PhaseAsync("one", "Active")).Text("status.version")!;
        await scene.ReleaseAsync("other-1", scene.Push("other").ByTag, "other");
        await scene.PhaseAsync("other-1", "Active");
        await scene.DeadlineAsync(1);
        await scene.ReleaseAsync("never", scene.Push("never").ByTag);
        var never = (await scene.PhaseAsync("never", "Failed")).Text("status.version")!;
        await scene.DeadlineAsync(600);

        await RefusedAsync(scene, "unknown", "20200101.1", "VersionNotFound");
        await RefusedAsync(scene, "malformed", "20200101.01", "InvalidSpec", valid: false);
        await RefusedAsync(scene, "never-active", never, "VersionNeverActive");
        await RefusedAsync(scene, "active", active, "VersionActive");
        await scene.ReleaseAsync("foreign", Rollback(never) is var spec && spec.Remove("stack") ? spec.With(new JsonObject { ["stack"] = "other" }) : spec);
        (await scene.PhaseAsync("foreign", "Failed")).Text("status.failure.reason").ShouldBe("VersionNotFound");
        await scene.ReleaseAsync("next", scene.Push("next").ByTag);
        (await scene.PhaseAsync("next", "Active")).Text("status.version")!.ShouldEndWith(".3");
    }

    [Fact]
    public async Task Current_releases_the_active_image_with_the_template_of_now()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("early", Current());
        (await scene.PhaseAsync("early", "Failed")).Text("status.failure.reason").ShouldBe("NoActiveRelease");
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        var one = await scene.PhaseAsync("one", "Active");

        await scene.SeeObservedAsync(await scene.StackAsync(spec: StackSpecs.Container("args", new JsonArray("new"))));
        await scene.ReleaseAsync("again", Current());
        var again = await scene.PhaseAsync("again", "Active");

        again.Text("status.imageReference").ShouldBe(one.Text("status.imageReference"));
        (await scene.WorkloadAsync()).Text("spec.template.spec.containers.0.args.0").ShouldBe("new");
        await scene.PhaseAsync("one", "Superseded");
    }

    private static JsonObject Rollback(string version) => new()
    {
        ["stack"] = "web",
        ["source"] = new JsonObject { ["rollback"] = new JsonObject { ["version"] = version } },
    };

    private static JsonObject Current() => new() { ["stack"] = "web", ["source"] = new JsonObject { ["current"] = new JsonObject() } };

    private static async Task RefusedAsync(Scene scene, string name, string version, string reason, bool valid = true)
    {
        if (!valid)
        {
            // The schema's pattern says so before the operator sees it.
            await Should.ThrowAsync<Exception>(() => scene.ReleaseAsync(name, Rollback(version)));
            return;
        }

        await scene.ReleaseAsync(name, Rollback(version));
        var failed = await scene.PhaseAsync(name, "Failed");
        (failed.Text("status.failure.reason"), failed.Text("status.version")).ShouldBe((reason, null));
        failed.Text("status.failure.message")!.ShouldContain(version);
    }
}
