using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class ActivationTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Fact]
    public async Task An_applied_release_becomes_the_active_one()
    {
        await using var scene = await world.NewSceneAsync();
        var image = scene.Push();
        await scene.Namespace.Apply($$$"""
            apiVersion: slipway.dev/v1alpha1
            kind: Stack
            metadata: {name: web}
            spec:
              replicas: 2
              service: {port: 80, targetPort: 8080}
              template: {spec: {containers: [{name: app}]}}
            ---
            apiVersion: slipway.dev/v1alpha1
            kind: Deployment
            metadata: {name: one}
            spec:
              stack: web
              source: {image: "{{{image.ByTag}}}" }
              requestedBy: alice
            """);

        var release = await scene.PhaseAsync("one", "Active");

        release.Text("status.version")!.ShouldMatch(@"^\d{8}\.1$");
        release.Text("status.imageReference").ShouldEndWith($"@{image.Digest}");
        release.Number("status.observedGeneration").ShouldBe(release.Number("metadata.generation"));
        release.ConditionText("Ready").ShouldBe("True Active");
        release.Condition("Reconciling").ShouldBeNull();
        release.Condition("Stalled").ShouldBeNull();
        release.Condition("VersionAllocated").Text("status").ShouldBe("True");
        release.Condition("WorkloadReady").Text("status").ShouldBe("True");
        var stack = await scene.SeeStackAsync("web", "ready", stack => stack.ConditionText("Ready") == "True Active");
        stack.Text("status.activeDeployment").ShouldBe("one");
        stack.Text("status.activeVersion").ShouldBe(release.Text("status.version"));
        stack.Text("status.activeImage").ShouldBe(release.Text("status.imageReference"));
        stack.Items("status.inFlight").ShouldBeEmpty();
        stack.Text("status.releases.0.phase").ShouldBe("Active");
    }

    [Fact]
    public async Task What_runs_is_pinned_to_the_digest_and_belongs_to_the_stack()
    {
        await using var scene = await world.NewSceneAsync();
        var image = scene.Push();
        var service = new JsonObject { ["port"] = 80, ["targetPort"] = 8080 };
        var stack = await scene.StackAsync(spec: StackSpecs.Replicas(2).With(new JsonObject { ["service"] = service }));
        await scene.ReleaseAsync("one", image.ByTag);

        var release = await scene.PhaseAsync("one", "Active");

        var workload = (await scene.WorkloadAsync())!;
        workload.Text("spec.template.spec.containers.0.image").ShouldBe(release.Text("status.imageReference"));
        workload.Number("status.availableReplicas").ShouldBe(2);
        workload.Label("app.kubernetes.io/managed-by").ShouldBe("slipway");
        workload.Label("slipway.dev/stack").ShouldBe("web");
        workload.Annotation("slipway.dev/release").ShouldBe("one");
        workload.At("spec.template").Label("slipway.dev/version").ShouldBe(release.Text("status.version"));
        workload.Text("metadata.ownerReferences.0.uid").ShouldBe(stack.Text("metadata.uid"));
        workload.At("metadata.ownerReferences.0.controller")!.GetValue<bool>().ShouldBeTrue();
        var made = await world.Cluster.Server.GetAsync(scene.Namespace.Core("services", "web"));
        made.Number("spec.ports.0.port").ShouldBe(80);
        made.Number("spec.ports.0.targetPort").ShouldBe(8080);
        var pods = await scene.PodsAsync();
        pods.Count.ShouldBe(2);
        pods.ShouldAllBe(pod => pod.Label("slipway.dev/stack") == "web" && pod.IsReady);
    }

    [Fact]
    public async Task Every_transition_is_in_the_status_and_has_an_event()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);

        var release = await scene.PhaseAsync("one", "Active");

        var moves = release.Items("status.transitions");
        moves.Select(move => $"{move.Text("from")}>{move.Text("to")}").ShouldBe([">Pending", "Pending>Activating", "Activating>Active"]);
        moves.Select(move => move.Text("at")).ShouldBeInOrder();
        var uid = release.Text("metadata.uid");
        await Eventually.See(
            "an event for each transition",
            () => world.Cluster.Server.ListAsync(scene.Namespace.Events),
            events => moves.All(move => events.Any(one => one.Text("regarding.uid") == uid && Mentions(one, move.Text("to")!))),
            () => world.Operator.Log);
    }

    [Fact]
    public async Task Kubectl_shows_the_columns_and_waits_for_the_release()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);

        var waited = await scene.Namespace.Kubectl("wait", "--for=condition=Ready", "deployments.slipway.dev/one", "--timeout=60s");
        var narrow = await scene.Namespace.Kubectl("get", "rel");
        var wide = await scene.Namespace.Kubectl("get", "rel", "--output", "wide");

        waited.ShouldContain("condition met");
        Words(narrow).ShouldBe(["NAME", "STACK", "VERSION", "PHASE", "IMAGE", "READY", "AGE"]);
        Words(wide).ShouldBe(["NAME", "STACK", "VERSION", "PHASE", "IMAGE", "READY", "AGE", "MESSAGE", "REQUESTED-BY", "ROLLBACK-OF"]);
        narrow.ShouldContain("Active");
    }

    [Fact]
    public async Task Waiting_for_a_release_that_was_active_only_briefly_succeeds()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        var during = scene.Namespace.Kubectl("wait", "--for=condition=Ready", "deployments.slipway.dev/one", "--timeout=60s");
        var one = await scene.PhaseAsync("one", "Superseded");

        var afterwards = await scene.Namespace.Kubectl("wait", "--for=condition=Ready", "deployments.slipway.dev/one", "--timeout=60s");

        (await during).ShouldContain("condition met");
        afterwards.ShouldContain("condition met");
        one.ConditionText("Ready").ShouldBe("True Superseded");
        var two = await scene.PhaseAsync("two", "Active");
        one.Text("status.supersededBy").ShouldBe(two.Text("status.version"));
    }

    [Fact]
    public async Task A_release_that_is_active_stays_so_when_its_pod_fails_later()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: StackSpecs.Deadline(60));
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");

        await world.Node.ShowAsync((await scene.PodsAsync()).Single(), PodBehaviour.CrashLoopBackOff("it fell over"));
        await scene.SeeWorkloadAsync("unavailable", workload => workload.Number("status.availableReplicas") is null or 0);
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);

        await scene.PhaseAsync("two", "Active");
        (await world.Ledger.MovesAsync(scene.Namespace.Name)).Where(move => move.Name == "one").Select(move => move.To)
            .ShouldBe(["pending", "activating", "active", "superseded"]);
    }

    private static bool Mentions(JsonNode happened, string phase) =>
        $"{happened.Text("reason")} {happened.Text("action")} {happened.Text("note")}".Contains(phase, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Words(string table) =>
        table.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
