using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Helm 4 waits by kstatus itself, as Flux does: what the rules of that come to, and not what we take them for.</summary>
[Collection(ClusterCollection.Name)]
public sealed class HelmWaitTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    [Fact]
    public async Task A_wait_is_over_when_the_release_is_active_and_not_before()
    {
        await using var scene = await world.NewSceneAsync();
        using var chart = new OwnChart(scene.Push("one").ByTag, 600);

        var result = await chart.InstallAsync(scene);

        result.ExitCode.ShouldBe(0, $"{result.Output}\n{world.Operator.Log}");
        (await scene.GetReleaseAsync("web-1")).Text("status.phase").ShouldBe("Active");
        (await scene.SeeStackSettledAsync()).Text("status.activeDeployment").ShouldBe("web-1");
        (await chart.InstallAsync(scene)).ExitCode.ShouldBe(0, "what is done already is done at once");
    }

    [Fact]
    public async Task A_wait_for_a_release_that_fails_fails_with_its_reason()
    {
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.NeverReady);
        using var chart = new OwnChart(scene.Push("one").ByTag, 2);

        var result = await chart.InstallAsync(scene);

        result.ExitCode.ShouldNotBe(0);
        result.Output.ShouldContain("web-1");
        result.Output.ShouldContain("Failed");
        (await scene.GetReleaseAsync("web-1")).Text("status.phase").ShouldBe("Failed");
    }

    /// <summary>A chart of somebody who uses Slipway: a stack, and what is to run on it.</summary>
    private sealed class OwnChart : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("slipway-own-chart-").FullName;

        public OwnChart(string image, int deadline)
        {
            Directory.CreateDirectory($"{_folder}/templates");
            File.WriteAllText($"{_folder}/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n");
            File.WriteAllText(
                $"{_folder}/templates/web.yaml",
                $"""
                apiVersion: slipway.dev/v1alpha1
                kind: Stack
                metadata:
                  name: web
                spec:
                  replicas: 1
                  policy:
                    progressDeadlineSeconds: {deadline}
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
                """);
        }

        public Task<CommandResult> InstallAsync(Scene scene) => HelmCommand.RunAsync(
            "upgrade", "--install", "web", _folder, "--namespace", scene.Namespace.Name, "--kubeconfig", scene.World.Cluster.KubeConfigPath,
            "--wait=watcher", "--timeout", "2m");

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
