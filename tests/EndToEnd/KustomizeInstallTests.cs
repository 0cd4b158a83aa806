using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.EndToEnd;

/// <summary>From kustomize, in a cluster that has nothing of the chart.</summary>
[Collection(NodeCollection.Name)]
public sealed class KustomizeInstallTests(NodeCluster cluster)
{
    [Fact]
    public async Task What_kustomize_installs_works_and_what_it_released_runs_on_when_it_is_gone()
    {
        var manifests = await OperatorManifests.OfKustomizeAsync(cluster);
        await using var slipway = await cluster.InstallAsync(manifests);
        await using var scope = await cluster.NewNamespaceAsync();
        var story = new Story(scope, slipway);
        (await slipway.SeeAllReadyAsync()).ShouldAllBe(pod => pod.Text("spec.serviceAccountName") == "slipway");

        await scope.Apply(Objects(scope.Name));
        (await scope.Kubectl("wait", "--for=condition=Ready", $"team/{scope.Name}", "--timeout=60s")).ShouldContain("condition met");
        var image = $"image: \"{await cluster.PinnedImageAsync("web", "kustomize")}\"";
        await story.ReleaseAsync("one", image);
        var one = await story.SeeAsync("one", "Active");
        await scope.Apply("""
            apiVersion: slipway.dev/v1alpha1
            kind: EnvPatch
            metadata: {name: loud}
            spec: {stack: web, set: {VOICE: loud}}
            """);
        (await scope.Kubectl("wait", "--for=condition=Ready", "envpatch/loud", "--timeout=60s")).ShouldContain("condition met");
        await story.SeeAsync((await scope.Server.GetAsync(scope.Slipways("envpatches", "loud"))).Text("status.deployment")!, "Active");
        await story.ReleaseAsync("back", $"rollback: {{version: \"{one.Text("status.version")}\"}}");
        await story.SeeAsync("back", "Active");

        await story.ReleaseAsync("other", image, stack: "gone");
        await story.SeeAsync("other", "Active");
        await scope.Server.DeleteAsync(scope.Slipways("stacks", "gone"));
        await Eventually.See("the stack is gone", () => scope.Server.GetAsync(scope.Slipways("stacks", "gone")), seen => seen is null, slipway.TellAsync);
        (await scope.Server.GetAsync(scope.Apps("deployments", "gone"))).ShouldBeNull();

        await UninstallAsync(slipway);
        await Eventually.See("the definitions are gone", () => cluster.Kubectl.Try("get", "stacks.slipway.dev"), result => result.ExitCode != 0);
        var workload = await scope.Server.GetAsync(scope.Apps("deployments", "web"));
        workload.Items("metadata.ownerReferences").ShouldBeEmpty();
        (await scope.Kubectl("rollout", "status", "deployment.apps/web", "--timeout=60s")).ShouldContain("successfully rolled out");
    }

    private static string Objects(string team) => $$$"""
        apiVersion: slipway.dev/v1alpha1
        kind: Team
        metadata: {name: {{{team}}}, labels: {{{{LocalCluster.TestLabel.Key}}}: "true"}}
        spec: {displayName: {{{team}}}, owner: jane@example.com}
        ---
        apiVersion: slipway.dev/v1alpha1
        kind: Stack
        metadata: {name: web}
        spec:
          team: {{{team}}}
          replicas: 1
          service: {port: 80, targetPort: 8080}
          template:
            spec:
              terminationGracePeriodSeconds: 1
              containers:
                - name: app
                  readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
        ---
        apiVersion: slipway.dev/v1alpha1
        kind: Stack
        metadata: {name: gone}
        spec:
          replicas: 1
          template: {spec: {containers: [{name: app}]}}
        """;

    /// <summary>As docs/install.md has it.</summary>
    private async Task UninstallAsync(OperatorInstallation slipway)
    {
        await cluster.Kubectl.Run("scale", "deployment.apps/slipway-operator", "--replicas=0", "--namespace", OperatorInstallation.Namespace);
        await slipway.SeeAllReadyAsync(0);
        await DemoJobs.SlipwayAsync("uninstall", "--kubeconfig", cluster.KubeConfigPath);
        await cluster.Kubectl.Pipe(slipway.Manifests, "delete", "--filename", "-");
    }
}
