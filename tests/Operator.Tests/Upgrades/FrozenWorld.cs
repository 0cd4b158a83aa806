using System.Text.Json.Nodes;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Slipway.Testing.Nodes;

namespace Slipway.Operator.Tests.Upgrades;

/// <summary>An operator with the keys of what is frozen. Each test starts it.</summary>
public sealed class FrozenWorld(LocalCluster cluster) : OperatorWorld(cluster)
{
    /// <summary>Images are named by digest, so that no registry is asked: what is thawed runs without the one of its time.</summary>
    private const string Repositories = "127.0.0.1:1/shop";

    protected override bool StartsOperator => false;

    protected override IReadOnlyList<string> Options => [.. base.Options, "--env-keys-file", new Frozen(Frozen.Current).Keys];

    /// <summary>An image; the same name is the same one.</summary>
    public static string Image(string name) =>
        $"{Repositories}/{name}@sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)))}";

    /// <summary>The namespace, new. Pods of an image "slow" are ready when the gate is open, those of an image "broken" never.</summary>
    public async Task<Scene> SceneAsync(Gate gate, Builder? builder = null)
    {
        await SeeGoneAsync($"/api/v1/namespaces/{Frozen.Namespace}");
        await SeeGoneAsync($"/apis/slipway.dev/v1alpha1/teams/{Frozen.Team}");
        var place = await Cluster.NewNamespaceAsync(Frozen.Namespace);
        Node.Serve(place.Name, pod =>
            pod.Image.Contains("/slow@", StringComparison.Ordinal) ? PodBehaviour.ReadyAfter(gate)
            : pod.Image.Contains("/broken@", StringComparison.Ordinal) ? PodBehaviour.NeverReady
            : builder?.Behave(pod) ?? PodBehaviour.Ready);
        return new Scene(this, place);
    }

    /// <summary>Takes away what a test has left, which waits for nobody.</summary>
    public async Task ClearAsync()
    {
        await Operator.DisposeAsync();
        await Cluster.ClearAsync();
    }

    private Task SeeGoneAsync(string path) => Eventually.See($"gone: {path}", () => Cluster.Server.GetAsync(path), (JsonNode? item) => item is null);
}
