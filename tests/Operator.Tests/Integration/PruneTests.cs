using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Objects in Git: what is taken out of it, and what is applied from it over and over, changes nothing that runs.</summary>
[Collection(ClusterCollection.Name)]
public sealed class PruneTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    /// <summary>Flux prunes in the background, Argo CD in the foreground unless it is told otherwise.</summary>
    [Theory]
    [InlineData("Background")]
    [InlineData("Foreground")]
    [InlineData("Orphan")]
    public async Task A_release_that_is_pruned_after_it_became_active_changes_nothing_that_runs(string propagation)
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: StackSpecs.Replicas(2));
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        var one = await scene.PhaseAsync("one", "Active");
        var workload = await scene.SettledWorkloadAsync();
        var pods = await PodsAsync(scene);

        await PruneAsync(scene, "one", propagation);
        await TouchAsync(scene);

        ShouldBeSame(await scene.SettledWorkloadAsync(), workload);
        (await PodsAsync(scene)).ShouldBe(pods);
        var stack = await scene.SeeStackSettledAsync();
        (stack.Text("status.activeVersion"), stack.Text("status.activeDeployment")).ShouldBe((one.Text("status.version"), "one"));
        stack.Items("status.releases").Select(release => release.Text("deployment")).ShouldBe(["one"]);
    }

    [Fact]
    public async Task After_a_prune_the_next_release_works_and_so_does_the_way_back_to_what_was_pruned()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push("one").ByTag);
        var one = await scene.PhaseAsync("one", "Active");
        await PruneAsync(scene, "one", "Background");

        await scene.ReleaseAsync("two", scene.Push("two").ByTag);
        var two = await scene.PhaseAsync("two", "Active");
        two.Text("status.version")!.ShouldEndWith(".2");
        await PruneAsync(scene, "two", "Foreground");
        await scene.ReleaseAsync("back", new JsonObject
        {
            ["stack"] = "web",
            ["source"] = new JsonObject { ["rollback"] = new JsonObject { ["version"] = one.Text("status.version") } },
        });

        (await scene.PhaseAsync("back", "Active")).Text("status.imageReference").ShouldBe(one.Text("status.imageReference"));
        (await scene.SettledWorkloadAsync()).Text("spec.template.spec.containers.0.image").ShouldBe(one.Text("status.imageReference"));
        (await world.Ledger.ReleasesAsync(scene.Namespace.Name)).Select(row => $"{row.Name} {row.Phase}")
            .ShouldBe(["one superseded", "two rolled_back", "back active"]);
    }

    /// <summary>A revert in Git brings back the object of a release that is over: it is what it was.</summary>
    [Fact]
    public async Task What_was_pruned_and_is_applied_again_has_its_former_status_and_runs_nothing()
    {
        await using var scene = await world.NewSceneAsync();
        var (first, second) = (scene.Push("one").ByTag, scene.Push("two").ByTag);
        await scene.StackAsync();
        await scene.ReleaseAsync("one", first);
        await scene.PhaseAsync("one", "Active");
        await scene.ReleaseAsync("two", second);
        await scene.PhaseAsync("two", "Active");
        var before = await scene.PhaseAsync("one", "Superseded");
        var workload = await scene.SettledWorkloadAsync();
        var moves = await world.Ledger.MovesAsync(scene.Namespace.Name);
        await PruneAsync(scene, "one", "Background");
        await PruneAsync(scene, "two", "Background");

        await scene.ReleaseAsync("one", first);
        await scene.ReleaseAsync("two", second);

        var again = await scene.PhaseAsync("one", "Superseded");
        again.Text("status.version").ShouldBe(before.Text("status.version"));
        (await scene.PhaseAsync("two", "Active")).ConditionText("Ready").ShouldBe("True Active");
        ShouldBeSame(await scene.SettledWorkloadAsync(), workload);
        (await world.Ledger.MovesAsync(scene.Namespace.Name)).ShouldBe(moves);
    }

    [Theory]
    [InlineData("kubectl-client-side-apply", "")]
    [InlineData("kustomize-controller", "--server-side --force-conflicts")]
    [InlineData("argocd-controller", "--server-side --force-conflicts")]
    public async Task The_same_objects_applied_again_change_nothing(string manager, string how)
    {
        await using var scene = await world.NewSceneAsync();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Manifests(scene.Push("one").ByTag, scene.Push("two").ByTag));
            string[] apply = ["apply", "--field-manager", manager, .. how.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--validate=false", "--filename", file];
            await scene.Namespace.Kubectl(apply);
            await scene.PhaseAsync("web-1", "Active");
            await scene.PatchPhaseAsync("docs-log", "Applied");
            await scene.SettledWorkloadAsync("web");
            await scene.SettledWorkloadAsync("docs");
            await TouchAsync(scene);
            var before = await VersionsAsync(scene);
            var moves = await world.Ledger.MovesAsync(scene.Namespace.Name);
            var requests = world.Proxy.Requests.Count;

            await scene.Namespace.Kubectl(apply);
            await TouchAsync(scene);

            (await VersionsAsync(scene)).ShouldBe(before);
            (await world.Ledger.MovesAsync(scene.Namespace.Name)).ShouldBe(moves);
            world.Proxy.Requests.Skip(requests)
                .Where(request => request.IsWrite && request.Path.Contains($"/{scene.Namespace.Name}/", StringComparison.Ordinal)).ShouldBeEmpty(world.Operator.Log);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Manifests(string image, string source) =>
        $"""
        apiVersion: slipway.dev/v1alpha1
        kind: Stack
        metadata:
          name: web
        spec:
          replicas: 1
          service:
            port: 80
          env:
            LOG_LEVEL: info
          template:
            spec:
              containers:
                - name: app
        ---
        apiVersion: slipway.dev/v1alpha1
        kind: Deployment
        metadata:
          name: web-1
        spec:
          stack: web
          source:
            image: {image}
        ---
        apiVersion: slipway.dev/v1alpha1
        kind: Stack
        metadata:
          name: docs
        spec:
          replicas: 1
          source:
            image: {source}
          template:
            spec:
              containers:
                - name: app
        ---
        apiVersion: slipway.dev/v1alpha1
        kind: EnvPatch
        metadata:
          name: docs-log
        spec:
          stack: docs
          set:
            LOG_LEVEL: debug
          release: false
        """;

    /// <summary>Deletes as a GitOps tool does, and sees the object go.</summary>
    private async Task PruneAsync(Scene scene, string name, string propagation)
    {
        var path = scene.Namespace.Slipways("deployments", name);
        await world.Cluster.Server.DeleteAsync(path, new JsonObject { ["propagationPolicy"] = propagation });
        await Eventually.See($"gone: {name}", () => world.Cluster.Server.GetAsync(path), item => item is null, () => world.Operator.Log);
    }

    /// <summary>A whole other release passes through the operator: whatever it had to do here is done by then.</summary>
    private async Task TouchAsync(Scene scene)
    {
        await using var other = await world.NewSceneAsync();
        await other.StackAsync();
        await other.ReleaseAsync("passes", other.Push().ByTag);
        await other.PhaseAsync("passes", "Active");
        await other.SeeStackSettledAsync();
    }

    private static async Task<IReadOnlyList<string>> PodsAsync(Scene scene) =>
        [.. (await scene.World.Cluster.Server.ListAsync(scene.Namespace.Core("pods"))).Select(pod => pod.Text("metadata.uid")!).Order(StringComparer.Ordinal)];

    /// <summary>Every object that is there, with its resourceVersion.</summary>
    private static async Task<IReadOnlyList<string>> VersionsAsync(Scene scene)
    {
        string[] paths =
        [
            scene.Namespace.Slipways("stacks"), scene.Namespace.Slipways("deployments"), scene.Namespace.Slipways("envpatches"), scene.Namespace.Apps("deployments"),
            scene.Namespace.Core("services"), scene.Namespace.Core("secrets"), scene.Namespace.Core("pods"),
        ];
        var lists = await Task.WhenAll(paths.Select(async path => (await scene.World.Cluster.Server.ListAsync(path))
            .Select(item => $"{path}/{item.Text("metadata.name")} {item.Text("metadata.resourceVersion")}")));
        return [.. lists.SelectMany(list => list).Order(StringComparer.Ordinal)];
    }

    private static void ShouldBeSame(JsonNode now, JsonNode before) =>
        (now.Text("metadata.uid"), now.Number("metadata.generation"), now.Text("metadata.resourceVersion"), now["spec"]!.ToJsonString()).ShouldBe(
            (before.Text("metadata.uid"), before.Number("metadata.generation"), before.Text("metadata.resourceVersion"), before["spec"]!.ToJsonString()));
}
