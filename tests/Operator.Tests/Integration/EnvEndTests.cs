using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;
using static Slipway.Operator.Tests.Integration.EnvSpecs;

namespace Slipway.Operator.Tests.Integration;

/// <summary>What becomes of Secrets and patches when a stack ends, or the operator is taken away.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EnvEndTests(OperatorWorldAtRest world) : IClassFixture<OperatorWorldAtRest>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        await world.Cluster.Server.DeleteAsync(OperatorWorld.LeasePath);
        await world.Operator.StartAsync();
    }

    public async Task DisposeAsync() => await world.Operator.DisposeAsync();

    [Fact]
    public async Task Secrets_and_releases_of_patches_go_with_their_stack_and_patches_stay()
    {
        await using var scene = await PatchedAsync();

        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));

        await Eventually.See("no Secret of ours is left", scene.SecretsAsync, names => names.Count == 0, () => world.Operator.Log);
        await Eventually.See("the patch's release is gone", scene.ReleaseNamesAsync, names => names.SequenceEqual(["one"]), () => world.Operator.Log);
        (await scene.PatchPhaseAsync("more", "Applied")).Text("status.deployment").ShouldBe("more-env-2");
        await scene.DeleteAsync(scene.Namespace.Slipways("envpatches", "more"));
        await scene.StackAsync();
        await scene.PatchAsync("anew", Set(("C", "3")));
        (await scene.PatchPhaseAsync("anew", "Applied")).Number("status.totalKeys").ShouldBe(1, "it is another stack");
    }

    [Fact]
    public async Task A_workload_that_is_left_keeps_the_Secret_that_its_pods_read()
    {
        await using var scene = await PatchedAsync(new JsonObject { ["deletionPolicy"] = "Orphan" });
        var uid = (await world.Cluster.Server.GetAsync(scene.Namespace.Slipways("stacks", "web"))).Text("metadata.uid");

        await scene.DeleteAsync(scene.Namespace.Slipways("stacks", "web"));

        await SeeCollectedAsync(scene, uid!);
        await SeeLeftAsync(scene);
        await scene.StackAsync();
        await scene.ActiveAsync("two");
        await scene.SeeWorkloadAsync("taken over", one => one.Items("metadata.ownerReferences").Count == 1);
        (await scene.VariablesAsync()).ShouldBeEmpty("it is another stack");
    }

    [Fact]
    public async Task Uninstalling_leaves_the_Secret_and_lets_go_of_the_patches()
    {
        await using var scene = await PatchedAsync();
        await scene.PatchAsync("waits", From("never"));
        await scene.PatchWaitsAsync("waits", "SecretNotFound");
        var uid = (await world.Cluster.Server.GetAsync(scene.Namespace.Slipways("stacks", "web"))).Text("metadata.uid");
        (await world.Operator.StopAsync()).ShouldBe(0);

        var start = SlipwayProcess.StartOf(["uninstall", "--kubeconfig", world.Cluster.KubeConfigPath]);
        var result = await Command.RunAsync(start.FileName, [.. start.ArgumentList]);

        result.ExitCode.ShouldBe(0, result.Output);
        result.Output.ShouldContain($"envpatches.slipway.dev {scene.Namespace.Name}/more: finalizer removed");
        foreach (var (plural, name) in ((string, string)[])[("envpatches", "more"), ("envpatches", "waits"), ("stacks", "web")])
        {
            await world.Cluster.Server.DeleteAsync(scene.Namespace.Slipways(plural, name));
            (await world.Cluster.Server.GetAsync(scene.Namespace.Slipways(plural, name))).ShouldBeNull();
        }

        await SeeCollectedAsync(scene, uid!);
        await SeeLeftAsync(scene);
    }

    /// <summary>A stack with an active release that a patch brought, and nothing more to be done.</summary>
    private async Task<Scene> PatchedAsync(JsonObject? spec = null)
    {
        var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: (spec ?? []).With(Env(("A", "1"))));
        await scene.ActiveAsync();
        await scene.PatchAsync("more", Set(("B", "2")));
        await scene.PatchReleaseAsync("more", "Active");
        await scene.SettledWorkloadAsync();
        await scene.SeeSecretsAsync(2);
        return scene;
    }

    /// <summary>Waits until the garbage collector has removed something that really belongs to the stack.</summary>
    private async Task SeeCollectedAsync(Scene scene, string stackUid)
    {
        await world.Cluster.Server.CreateAsync(scene.Namespace.Core("configmaps"), new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "owned",
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "slipway.dev/v1alpha1",
                    ["kind"] = "Stack",
                    ["name"] = "web",
                    ["uid"] = stackUid,
                }),
            },
        });
        await Eventually.See("collected", () => world.Cluster.Server.GetAsync(scene.Namespace.Core("configmaps", "owned")), item => item is null);
    }

    private async Task SeeLeftAsync(Scene scene)
    {
        var workload = await scene.WorkloadAsync();
        (workload.Number("status.availableReplicas"), workload.Items("metadata.ownerReferences").Count).ShouldBe((1, 0));
        var name = (await scene.SecretsAsync()).ShouldHaveSingleItem();
        workload.Text("spec.template.spec.containers.0.envFrom.0.secretRef.name").ShouldBe(name);
        (await world.Cluster.Server.GetAsync(scene.Namespace.Core("secrets", name))).Items("metadata.ownerReferences").ShouldBeEmpty();
        (await scene.VariablesAsync()).Count.ShouldBe(2);
    }
}
