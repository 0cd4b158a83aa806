using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Upgrades;

/// <summary>
/// What the operator of this checkout leaves behind is what the next one will find. With <c>FREEZE=1</c> in the environment it is kept, in
/// <c>tests/Fixtures/VERSION</c>: done once, for each release.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class FreezeTests(FrozenWorld world) : IClassFixture<FrozenWorld>, IAsyncLifetime
{
    private static readonly string[] Kinds = ["Team", "Stack", "EnvPatch", "Deployment"];

    public Task InitializeAsync() => world.Operator.StartAsync();

    public Task DisposeAsync() => world.ClearAsync();

    [Fact]
    public async Task A_run_leaves_something_of_every_kind_in_every_phase_that_lasts()
    {
        var builder = new Builder();
        var scene = await world.SceneAsync(new Gate(), builder);
        await FrozenRun.PlayAsync(scene, builder);
        (await world.Operator.StopAsync()).ShouldBe(0);

        var objects = await ObjectsAsync(scene);
        objects.Select(item => item.Text("kind")).Distinct().ShouldBe([.. Kinds, "Secret", "Service"], ignoreOrder: true);
        objects.Where(item => item.Text("apiVersion") == "slipway.dev/v1alpha1" && item.Text("kind") == "Deployment")
            .Select(item => item.Text("status.phase")).Distinct()
            .ShouldBe(["Pending", "Activating", "Active", "Superseded", "RolledBack", "Failed", "Cancelled"], ignoreOrder: true);
        (await world.Ledger.ViolationsAsync()).ShouldBeEmpty();

        if (Environment.GetEnvironmentVariable("FREEZE") == "1")
        {
            var cluster = (await world.Cluster.Server.GetAsync("/api/v1/namespaces/kube-system")).Text("metadata.uid")!;
            new Frozen(Frozen.Current).Write(objects, await DumpAsync(), text => text
                .Replace(cluster, Frozen.Cluster, StringComparison.Ordinal)
                .Replace(world.Registry.Host, "registry.example", StringComparison.Ordinal));
        }
    }

    /// <summary>Owners first.</summary>
    private async Task<IReadOnlyList<JsonObject>> ObjectsAsync(Scene scene)
    {
        string[] paths =
        [
            scene.Namespace.Slipways("stacks"), scene.Namespace.Slipways("envpatches"), scene.Namespace.Slipways("deployments"),
            scene.Namespace.Core("secrets"), scene.Namespace.Core("services"), scene.Namespace.Apps("deployments"),
        ];
        var team = await world.Cluster.Server.GetAsync($"/apis/slipway.dev/v1alpha1/teams/{Frozen.Team}");
        List<JsonObject> objects = [Bare(team!)];
        foreach (var path in paths)
        {
            var (version, kind) = Kind(path);
            foreach (var item in (await world.Cluster.Server.ListAsync(path)).Where(item => item.Text("type") != "kubernetes.io/service-account-token"))
            {
                var whole = Bare(item);
                (whole["apiVersion"], whole["kind"]) = (version, kind);
                objects.Add(whole);
            }
        }

        return objects;
    }

    private static JsonObject Bare(JsonNode item)
    {
        var bare = item.DeepClone().AsObject();
        bare["metadata"]!.AsObject().Remove("managedFields");
        return bare;
    }

    /// <summary>The items of a list do not say it.</summary>
    private static (string Version, string Kind) Kind(string path)
    {
        var words = path.Split('/');
        var version = words[1] == "api" ? words[2] : $"{words[2]}/{words[3]}";
        return (version, words[^1] switch
        {
            "stacks" => "Stack",
            "envpatches" => "EnvPatch",
            "deployments" => "Deployment",
            "secrets" => "Secret",
            var other => other == "services" ? "Service" : throw new InvalidOperationException(path),
        });
    }

    private async Task<string> DumpAsync()
    {
        var file = Path.Combine(Path.GetTempPath(), $"slipway-test-{Guid.NewGuid():N}.sql");
        var result = await Command.RunAsync(
            "pg_dump", ["--schema=slipway", "--inserts", "--no-owner", "--no-privileges", "--file", file, world.Ledger.Url]);
        result.ExitCode.ShouldBe(0, result.Output);
        var lines = await File.ReadAllLinesAsync(file);
        File.Delete(file);

        // Without what only psql understands, and what changes with the version of pg_dump.
        return string.Join('\n', lines.Where(line => !line.StartsWith('\\') && !line.StartsWith("--", StringComparison.Ordinal)).Where(line => line.Length > 0)) + "\n";
    }
}
