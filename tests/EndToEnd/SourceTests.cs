using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.EndToEnd;

/// <summary>Sources that are not in Git, built by the real programs.</summary>
[Collection(NodeCollection.Name)]
public sealed class SourceTests(NodeCluster cluster)
{
    [Fact]
    public async Task A_ConfigMap_and_an_artifact_are_built_too_and_what_was_built_before_comes_from_the_cache()
    {
        using var cache = new CacheFolder();
        var slipway = await cluster.OperatorAsync();
        await slipway.ApplyAsync(await OperatorManifests.OfChartAsync(cluster, await cluster.BuilderValuesAsync(cache.Setting)));
        await using var scope = await cluster.NewNamespaceAsync();
        var story = new Story(scope, slipway);
        await scope.Apply(Page.Stack(cluster.WebImage));
        var page = Page.IsNeverTheSame();

        await scope.Kubectl(["create", "configmap", "page", .. page.Select(file => $"--from-literal={file.Name}={file.Text}")]);
        await story.ReleaseAsync("one", "archive: {configMap: page}");
        var one = await story.SeeAsync("one", "Active");

        await story.ReleaseAsync("two", $"oci: {{reference: \"{await Artifact.PushAsync(cluster.Registry, $"{scope.Name}/source", page)}\"}}");
        var two = await story.SeeAsync("two", "Active");
        Digest(two.Text("status.imageReference")!).ShouldBe(Digest(one.Text("status.imageReference")!), "the page was not made again");
    }

    private static string Digest(string image) => image.Split('@')[1];

    /// <summary>A folder of the node that outlives the pods which build.</summary>
    private sealed class CacheFolder : IDisposable
    {
        private readonly string _path = Repository.PathOf($".local/e2e/cache-{Guid.NewGuid():N}");

        public KeyValuePair<string, JsonNode?> Setting => new(
            "cache", new JsonObject { ["hostPath"] = new JsonObject { ["path"] = _path, ["type"] = "DirectoryOrCreate" } });

        public void Dispose()
        {
            if (Directory.Exists(_path))
            {
                Directory.Delete(_path, recursive: true);
            }
        }
    }
}
