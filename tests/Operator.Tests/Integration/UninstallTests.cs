using System.Diagnostics;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary><c>slipway uninstall</c>: workloads run on, and no object waits for an operator any more.</summary>
[Collection(ClusterCollection.Name)]
public sealed class UninstallTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    private const string Finalizer = "slipway.dev/release";
    private const int Incomplete = 5;
    private const int OperatorRuns = 6;

    public Task InitializeAsync() => world.Cluster.Server.DeleteAsync(OperatorWorld.LeasePath);

    public async Task DisposeAsync()
    {
        await world.Operator.DisposeAsync();
        await world.Cluster.Server.DeleteAsync(OperatorWorld.LeasePath);
    }

    [Fact]
    public async Task Workloads_outlive_their_stacks_and_nothing_waits_for_the_operator()
    {
        await using var scene = await ReleasedAsync();
        var workload = await scene.WorkloadAsync();

        var result = await UninstallAsync();

        result.ExitCode.ShouldBe(0, result.Output);
        result.Output.ShouldContain($"deployments.apps {scene.Namespace.Name}/web: no longer owned by its Stack, runs on");
        result.Output.ShouldContain($"services {scene.Namespace.Name}/web: no longer owned by its Stack, runs on");
        result.Output.ShouldContain($"stacks.slipway.dev {scene.Namespace.Name}/web: finalizer removed");
        result.Output.ShouldContain($"deployments.slipway.dev {scene.Namespace.Name}/one: finalizer removed");
        result.Output.ShouldContain($"teams.slipway.dev {scene.TeamName()}: finalizer removed");
        result.Output.ShouldContain("changes made, 0 failed");
        await scene.DeleteTeamAsync();
        (await world.Cluster.Server.GetAsync(scene.TeamPath())).ShouldBeNull();
        await CollectAsync(scene, await StackAsync(scene));
        await world.Cluster.Server.DeleteAsync(scene.Namespace.Slipways("deployments", "one"));
        (await world.Cluster.Server.GetAsync(scene.Namespace.Slipways("deployments", "one"))).ShouldBeNull();
        var after = await scene.WorkloadAsync();
        after.Text("metadata.uid").ShouldBe(workload.Text("metadata.uid"));
        after.Text("metadata.deletionTimestamp").ShouldBeNull();
        after.Number("status.availableReplicas").ShouldBe(1);
        after.At("spec")!.ToJsonString().ShouldBe(workload.At("spec")!.ToJsonString());
        (await world.Cluster.Server.GetAsync(scene.Namespace.Core("services", "web"))).Items("metadata.ownerReferences").ShouldBeEmpty();
    }

    [Fact]
    public async Task Asked_for_a_dry_run_it_changes_nothing_and_repeated_it_finds_nothing_to_do()
    {
        await using var scene = await ReleasedAsync();
        var before = await VersionsAsync(scene);

        var dry = await UninstallAsync("--dry-run");
        (await VersionsAsync(scene)).ShouldBe(before);
        var real = await UninstallAsync();
        var again = await UninstallAsync();

        dry.ExitCode.ShouldBe(0, dry.Output);
        real.Output.Replace("would be made", "made", StringComparison.Ordinal).Split('\n')
            .ShouldBe(dry.Output.Replace("would be made", "made", StringComparison.Ordinal).Split('\n').Prepend(NoLease), ignoreOrder: true);
        again.ExitCode.ShouldBe(0, again.Output);
        again.Output.ShouldContain("0 changes made, 0 failed");
    }

    [Fact]
    public async Task Refuses_while_an_operator_leads_and_does_it_once_that_one_is_dead()
    {
        await using var scene = await ReleasedAsync();
        await using var leader = new OperatorProcess(
            world.Ledger.Through(world.DatabasePort), world.Proxy.KubeConfigPath,
            "--lease-namespace", "slipway-system", "--lease-duration", "12s", "--lease-renew-deadline", "10s", "--lease-retry-period", "1s");
        await leader.StartAsync();
        var lease = await Eventually.See(
            "a leader", () => world.Cluster.Server.GetAsync(OperatorWorld.LeasePath), one => one.Text("spec.holderIdentity") is { Length: > 0 });

        var refused = await UninstallAsync();

        refused.ExitCode.ShouldBe(OperatorRuns, refused.Output);
        refused.Output.ShouldContain(lease.Text("spec.holderIdentity")!);
        refused.Output.ShouldContain("since");
        refused.Output.ShouldContain("--force");
        (await StackAsync(scene)).Items("metadata.finalizers").Select(one => (string?)one).ShouldContain(Finalizer);
        (await UninstallAsync("--force")).ExitCode.ShouldBe(0);
        await leader.KillAsync();

        var done = await UninstallAsync();

        done.ExitCode.ShouldBe(0, done.Output);
        (await StackAsync(scene)).Items("metadata.finalizers").ShouldBeEmpty();
        (await world.Cluster.Server.GetAsync(OperatorWorld.LeasePath)).Text("spec.holderIdentity").ShouldBeNullOrEmpty("it was given back");
    }

    [Fact]
    public async Task Interrupted_it_says_so_and_a_second_run_does_the_rest()
    {
        await using var scene = await ReleasedAsync();
        Process? uninstall = null;
        var interrupted = world.Proxy.OnFirst(
            request => request.IsWrite && request.Path == scene.Namespace.Slipways("stacks", "web"),
            async exchange =>
            {
                // Not SIGINT, which means the same to it: what a shell started in the background inherits that it is ignored.
                await Command.RunAsync("kill", ["-TERM", $"{uninstall!.Id}"]);
                await uninstall.WaitForExitAsync();
                exchange.Drop();
            });
        uninstall = Start("--kubeconfig", world.Proxy.KubeConfigPath, "--force");
        await interrupted.WaitAsync(Eventually.Patience);

        var output = await uninstall.StandardOutput.ReadToEndAsync();
        uninstall.ExitCode.ShouldBe(Incomplete, output);
        (await uninstall.StandardError.ReadToEndAsync()).ShouldContain("interrupted");
        output.ShouldContain("changes made");
        (await StackAsync(scene)).Items("metadata.finalizers").ShouldNotBeEmpty();
        (await scene.WorkloadAsync()).Items("metadata.ownerReferences").ShouldBeEmpty("workloads are let go first");
        (await UninstallAsync()).ExitCode.ShouldBe(0);
        (await StackAsync(scene)).Items("metadata.finalizers").ShouldBeEmpty();
    }

    [Fact]
    public async Task Installed_again_the_operator_goes_on_where_it_was()
    {
        await using var scene = await ReleasedAsync();
        var workload = await scene.WorkloadAsync();
        (await UninstallAsync()).ExitCode.ShouldBe(0);

        await world.Operator.StartAsync();

        await scene.SeeWorkloadAsync("owned again", one => one.Items("metadata.ownerReferences").Count == 1);
        await scene.SeeReleaseAsync("one", "held again", one => one.Items("metadata.finalizers").Count == 1);
        (await scene.WorkloadAsync()).Text("metadata.uid").ShouldBe(workload.Text("metadata.uid"));
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Single().Phase.ShouldBe("active");
        await world.Operator.StopAsync();
    }

    [Fact]
    public async Task Reaches_every_object_of_more_than_one_page()
    {
        const int Many = 501;
        await using var scene = await world.NewSceneAsync();
        await Parallel.ForAsync(0, Many, async (number, _) => await world.Cluster.Server.CreateAsync(scene.Namespace.Slipways("deployments"), new JsonObject
        {
            ["apiVersion"] = "slipway.dev/v1alpha1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject { ["name"] = $"one-{number}", ["finalizers"] = new JsonArray(Finalizer) },
            ["spec"] = new JsonObject { ["stack"] = "web", ["source"] = new JsonObject { ["image"] = "app" } },
        }));

        (await UninstallAsync()).ExitCode.ShouldBe(0);

        (await world.Cluster.Server.ListAsync(scene.Namespace.Slipways("deployments")))
            .Count(item => item.Items("metadata.finalizers").Count == 0).ShouldBe(Many);
    }

    [Fact]
    public async Task Without_a_kubeconfig_that_works_it_says_so()
    {
        var result = await SlipwayAsync("--kubeconfig", "/nowhere/config");

        result.ExitCode.ShouldBe(2, result.Output);
        result.Output.ShouldContain("--kubeconfig /nowhere/config");
    }

    private const string NoLease = "There is no lease slipway-system/slipway-operator, so no operator leads; one that runs with --leader-elect false is not seen.";

    /// <summary>A team's stack with a Service and an active release; its operator has stopped.</summary>
    private async Task<Scene> ReleasedAsync()
    {
        await world.Operator.StartAsync();
        var scene = await world.NewSceneAsync();
        await scene.TeamAsync();
        await scene.StackAsync(spec: new JsonObject { ["service"] = new JsonObject { ["port"] = 80 } }.With(scene.OfTeam()));
        await scene.ReleaseAsync("one", scene.Push().ByTag);
        await scene.PhaseAsync("one", "Active");
        await scene.SettledWorkloadAsync();
        (await world.Operator.StopAsync()).ShouldBe(0);
        return scene;
    }

    /// <summary>Deletes the stack, and waits until the garbage collector has removed something that really belongs to it.</summary>
    private async Task CollectAsync(Scene scene, JsonNode stack)
    {
        var server = world.Cluster.Server;
        await server.CreateAsync(scene.Namespace.Core("configmaps"), new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "owned",
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "slipway.dev/v1alpha1",
                    ["kind"] = "Stack",
                    ["name"] = "web",
                    ["uid"] = stack.Text("metadata.uid"),
                }),
            },
        });
        await server.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));
        (await server.GetAsync(scene.Namespace.Slipways("stacks", "web"))).ShouldBeNull();
        await Eventually.See("collected", () => server.GetAsync(scene.Namespace.Core("configmaps", "owned")), item => item is null);
    }

    private async Task<JsonNode> StackAsync(Scene scene) => (await world.Cluster.Server.GetAsync(scene.Namespace.Slipways("stacks", "web")))!;

    private async Task<string?[]> VersionsAsync(Scene scene) =>
    [
        (await StackAsync(scene)).Text("metadata.resourceVersion"),
        (await scene.GetReleaseAsync("one")).Text("metadata.resourceVersion"),
        (await scene.WorkloadAsync()).Text("metadata.resourceVersion"),
    ];

    private Task<CommandResult> UninstallAsync(params IReadOnlyList<string> options) =>
        SlipwayAsync(["--kubeconfig", world.Cluster.KubeConfigPath, .. options]);

    private static Task<CommandResult> SlipwayAsync(params IReadOnlyList<string> options)
    {
        var start = SlipwayProcess.StartOf(["uninstall", .. options]);
        return Command.RunAsync(start.FileName, [.. start.ArgumentList]);
    }

    private static Process Start(params IReadOnlyList<string> options)
    {
        var start = SlipwayProcess.StartOf(["uninstall", .. options]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        return Process.Start(start)!;
    }
}
