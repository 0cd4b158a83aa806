using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class CrashTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    public async Task InitializeAsync() => await world.Operator.StartAsync();

    public async Task DisposeAsync() => await world.Operator.DisposeAsync();

    [Theory]
    [InlineData("before the status is written")]
    [InlineData("after the status is written")]
    public async Task Killed_around_the_first_status_with_a_version_it_goes_on_with_that_version(string moment)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        var killed = world.Proxy.OnFirst(
            request => request.IsStatusWrite("deployments", scene.Namespace.Name, "one")
                && request.Body.Contains("\"version\"", StringComparison.Ordinal),
            async exchange =>
            {
                if (moment.StartsWith("after", StringComparison.Ordinal))
                {
                    await exchange.ForwardAndDropAsync();
                }

                await world.Operator.KillAsync();
                exchange.Drop();
            });
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        await killed.WaitAsync(Eventually.Patience);
        var admitted = (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Single();
        var known = await scene.GetReleaseAsync("one");
        known.Text("status.version").ShouldBe(moment.StartsWith("after", StringComparison.Ordinal) ? admitted.Version : null);

        await world.Operator.StartAsync();

        (await scene.PhaseAsync("one", "Active")).Text("status.version").ShouldBe(admitted.Version);
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).ShouldBe([admitted with { Phase = "active" }]);
        (await scene.ReplicaSetsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Killed_while_activating_it_goes_on_with_the_same_workload()
    {
        var gate = new Gate();
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.ReadyAfter(gate));
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        await Eventually.See("a pod that is not ready", scene.PodsAsync, pods => pods.Count == 1, () => world.Operator.Log);
        var before = await scene.PhaseAsync("one", "Activating");
        var workload = await scene.WorkloadAsync();

        await world.Operator.KillAsync();
        await world.Operator.StartAsync();
        gate.Open();

        var release = await scene.PhaseAsync("one", "Active");
        release.Text("status.version").ShouldBe(before.Text("status.version"));
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Count.ShouldBe(1);
        var after = await scene.WorkloadAsync();
        after.Text("metadata.uid").ShouldBe(workload.Text("metadata.uid"));
        after.Number("metadata.generation").ShouldBe(workload.Number("metadata.generation"));
        (await scene.ReplicaSetsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_release_that_became_ready_during_an_outage_longer_than_its_deadline_is_active()
    {
        var gate = new Gate();
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.ReadyAfter(gate));
        await scene.StackAsync(spec: StackSpecs.Deadline(5));
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        var activating = await scene.SeeReleaseAsync(
            "one", "a deadline", release => release.At("status.transitions.1") is not null && release.Text("status.deadlineAt") is not null);
        await Eventually.See("a pod that is not ready", scene.PodsAsync, pods => pods.Count == 1, () => world.Operator.Log);

        await world.Operator.KillAsync();
        gate.Open();
        await Eventually.See("the pod is ready", scene.PodsAsync, pods => pods.All(pod => pod.IsReady));
        var deadline = DateTimeOffset.Parse(activating.Text("status.deadlineAt")!);
        await Eventually.See("the deadline is over", () => TimeProvider.System.GetUtcNow() > deadline.AddSeconds(1));
        await world.Operator.StartAsync();

        await scene.PhaseAsync("one", "Active");
    }

    [Fact]
    public async Task The_api_servers_answer_may_be_lost_to_any_write()
    {
        await using var scene = await world.NewSceneAsync();
        var lost = new List<Task>();
        foreach (var method in (string[])["POST", "PATCH"])
        {
            lost.Add(world.Proxy.OnFirst(
                request => request.Method == method && request.Path.StartsWith(scene.Namespace.Apps("deployments"), StringComparison.Ordinal),
                exchange => exchange.ForwardAndDropAsync()));
        }

        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        await scene.PhaseAsync("one", "Active");
        await scene.ReleaseAsync("two", scene.Push("two").ByTag);

        await scene.PhaseAsync("two", "Active");
        await Task.WhenAll(lost).WaitAsync(Eventually.Patience);
        (await scene.ReplicaSetsAsync()).Count.ShouldBe(2);
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_object_not_yet_looked_at_reads_as_in_progress()
    {
        await world.Operator.KillAsync();
        await using var scene = await world.NewSceneAsync();

        var stack = await scene.StackAsync();
        var release = await scene.ReleaseAsync("one", scene.Push().ByTag);

        foreach (var item in (JsonNode[])[stack, release])
        {
            item.Number("status.observedGeneration").ShouldBe(-1);
            item.Number("metadata.generation").ShouldBe(1);
        }

        var waiting = await world.Cluster.Kubectl.Try(
            "wait", "--namespace", scene.Namespace.Name, "--for=condition=Ready", "deployments.slipway.dev/one", "--timeout=1s");
        waiting.ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task It_ends_with_code_zero_when_told_to_stop_and_goes_on_after_a_restart()
    {
        var gate = new Gate();
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.ReadyAfter(gate));
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        await scene.PhaseAsync("one", "Activating");

        (await world.Operator.StopAsync()).ShouldBe(0, world.Operator.Log);

        gate.Open();
        await world.Operator.StartAsync();
        await scene.PhaseAsync("one", "Active");
    }
}
