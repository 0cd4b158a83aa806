using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.EndToEnd;

/// <summary>
/// Copies of <c>config/demo-data</c> in which only that is changed which people change as well: image, schedule, namespace. Disposing
/// takes back what they gave outside of the test's namespace.
/// </summary>
public sealed class DemoManifests : IAsyncDisposable
{
    private readonly NodeCluster _cluster;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-demo-data-");

    private DemoManifests(NodeCluster cluster) => _cluster = cluster;

    public static async Task<DemoManifests> CreateAsync(NodeCluster cluster, TestNamespace scope)
    {
        var manifests = new DemoManifests(cluster);
        var image = ("image: registry.example/slipway:0.1.0", $"image: {await cluster.ImageAsync("slipway")}", 1);
        var schedule = ("schedule: \"0 * * * *\"", "schedule: \"* * * * *\"", 1);
        await manifests.CopyAsync("rbac.yaml", ("  namespace: default\n", $"  namespace: {scope.Name}\n", 2));
        await manifests.CopyAsync("cronjob.yaml", image, schedule);
        await manifests.CopyAsync("cronjob-v1beta1.yaml", image, schedule);
        await manifests.CopyAsync("job.yaml", image);
        return manifests;
    }

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    /// <summary>Lets a Job take its rows from a ConfigMap, by the lines that the documentation has for that.</summary>
    /// <returns>The file of that Job.</returns>
    public async Task<string> WithDataAsync(string file, string configMap)
    {
        var lines = $$$"""
            spec:
              template:
                spec:
                  containers:
                    - name: slipway
                      env: [{name: SEED_DATA, value: /demo/data}]
                      volumeMounts: [{name: data, mountPath: /demo/data}]
                  volumes: [{name: data, configMap: {name: {{{configMap}}}}}]
            """;
        var changed = await _cluster.Kubectl.Run(
            "patch", "--local", "--filename", PathOf(file), "--type", "strategic", "--patch", lines, "--output", "yaml");
        await File.WriteAllTextAsync(PathOf($"{configMap}-{file}"), changed);
        return $"{configMap}-{file}";
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.Kubectl.Run("delete", "--ignore-not-found", "--filename", PathOf("rbac.yaml"));
        _folder.Delete(recursive: true);
    }

    private async Task CopyAsync(string file, params IReadOnlyList<(string From, string To, int Times)> changes)
    {
        var text = await File.ReadAllTextAsync(Repository.PathOf($"config/demo-data/{file}"));
        foreach (var (from, to, times) in changes)
        {
            (text.Split(from).Length - 1).ShouldBe(times, $"{file}: {from}");
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(PathOf(file), text);
    }
}
