using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.EndToEnd;

/// <summary>Variables as a process in a pod sees them.</summary>
[Collection(NodeCollection.Name)]
public sealed class EnvironmentTests(NodeCluster cluster)
{
    [Fact]
    public async Task A_release_after_a_patch_runs_with_the_new_variables_and_a_rollback_with_the_old_ones()
    {
        var slipway = await cluster.OperatorAsync();
        await using var scope = await cluster.NewNamespaceAsync();
        var story = new Story(scope, slipway);
        await scope.Apply("""
            apiVersion: slipway.dev/v1alpha1
            kind: Stack
            metadata: {name: web}
            spec:
              replicas: 1
              env: {GREETING: "of the baseline", COLOUR: grey}
              template:
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: app
                      env: [{name: COLOUR, value: "of the template"}, {name: OWN, value: kept}]
                      readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
            """);
        await story.ReleaseAsync("one", $"image: \"{await cluster.PinnedImageAsync("web", "env")}\"");
        var one = await story.SeeAsync("one", "Active");
        await SeeInsideAsync(scope, one.Text("status.version")!, ["COLOUR=grey", "GREETING=of the baseline", "OWN=kept"]);

        await scope.Apply("""
            apiVersion: v1
            kind: Secret
            metadata: {name: words, labels: {slipway.dev/env: "true"}}
            stringData: {PASSWORD: "a b=c 'ü' \"$HOME\""}
            ---
            apiVersion: slipway.dev/v1alpha1
            kind: EnvPatch
            metadata: {name: friendly}
            spec:
              stack: web
              set: {GREETING: "of the patch", EXTRA: "1"}
              setFrom: [{name: words}]
              unset: [COLOUR]
            """);
        (await scope.Kubectl("wait", "--for=condition=Ready", "envpatch/friendly", "--timeout=60s")).ShouldContain("condition met");
        var release = (await scope.Kubectl("get", "envpatch", "friendly", "--output", "jsonpath={.status.deployment}")).Trim();
        var patched = await story.SeeAsync(release, "Active");
        patched.Text("status.imageReference").ShouldBe(one.Text("status.imageReference"));
        await SeeInsideAsync(
            scope,
            patched.Text("status.version")!,
            ["COLOUR=of the template", "EXTRA=1", "GREETING=of the patch", "OWN=kept", "PASSWORD=a b=c 'ü' \"$HOME\""]);

        await story.ReleaseAsync("back", $"rollback: {{version: \"{one.Text("status.version")}\"}}");
        var back = await story.SeeAsync("back", "Active");
        await SeeInsideAsync(scope, back.Text("status.version")!, ["COLOUR=grey", "GREETING=of the baseline", "OWN=kept"]);
    }

    /// <summary>The variables of ours that a process started in the release's pod has.</summary>
    private async Task SeeInsideAsync(TestNamespace scope, string version, string[] expected)
    {
        var pods = await scope.Server.ListAsync($"{scope.Core("pods")}?labelSelector=slipway.dev/version={version}");
        var pod = pods.Single(pod => pod.Text("metadata.deletionTimestamp") is null).Text("metadata.name")!;
        var all = (await cluster.Kubectl.Run("exec", "--namespace", scope.Name, pod, "--", "env")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        all.Where(line => line.Split('=')[0] is "COLOUR" or "EXTRA" or "GREETING" or "OWN" or "PASSWORD").Order(StringComparer.Ordinal).ShouldBe(expected);
    }
}
