using System.Text.Json.Nodes;
using Slipway.Testing;

namespace Slipway.EndToEnd;

/// <summary>What people apply to have an operator: rendered by Helm or by kustomize, with this checkout's image.</summary>
public static class OperatorManifests
{
    /// <summary>The chart's, with values of one's own.</summary>
    public static async Task<string> OfChartAsync(NodeCluster cluster, JsonObject values)
    {
        var (name, tag) = await ImageAsync(cluster);
        var all = new JsonObject(values.Select(value => KeyValuePair.Create(value.Key, value.Value?.DeepClone())))
        {
            ["image"] = new JsonObject { ["repository"] = name, ["tag"] = tag },
        };
        return await HelmCommand.OutputAsync(all.ToJsonString(),
        [
            "template", "slipway", Repository.PathOf("charts/slipway"), "--namespace", OperatorInstallation.Namespace,
            "--kube-version", cluster.Settings["KUBERNETES_VERSION"], "--values", "-",
        ]);
    }

    /// <summary>Those of <c>config</c>, through a kustomization as people write one.</summary>
    public static async Task<string> OfKustomizeAsync(NodeCluster cluster)
    {
        var (name, tag) = await ImageAsync(cluster);
        var folder = Repository.PathOf($".local/kustomize-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "kustomization.yaml"), $"""
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources:
                  - ../../config
                components:
                  - ../../config/components/kubernetes-1.20
                images:
                  - name: registry.example/slipway
                    newName: {name}
                    newTag: {tag}
                """);
            return await HelmCommand.OutputAsync(null, ["kustomize", folder]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(string Name, string Tag)> ImageAsync(NodeCluster cluster)
    {
        var parts = (await cluster.ImageAsync("slipway")).Split(':');
        return (parts[0], parts[1]);
    }
}
