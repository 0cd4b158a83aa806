using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Resources;
using Slipway.Kubernetes.Watching;

namespace Slipway.Kubernetes.Leases;

/// <summary>One lease on a real API server.</summary>
/// <param name="client">
/// With a limit of time a little shorter than the lock's: it is the one that is to be hit, since the client then connects anew.
/// </param>
/// <param name="options">Which lease.</param>
internal sealed class LeaseApi(KubeClient client, LeaseOptions options) : ILeaseApi
{
    public Task<V1Lease?> GetAsync(CancellationToken cancellationToken) => client.GetAsync<V1Lease>(options.Key, cancellationToken);

    public Task<V1Lease> CreateAsync(V1LeaseSpec spec, CancellationToken cancellationToken)
    {
        var metadata = new ObjectMeta { Namespace = options.Key.Namespace, Name = options.Key.Name, Labels = options.Labels };
        return client.CreateAsync(new V1Lease { Metadata = metadata, Spec = spec }, cancellationToken);
    }

    /// <summary>A patch of just these members: others, which newer servers may know, stay as they are.</summary>
    public Task<V1Lease> WriteAsync(V1Lease read, V1LeaseSpec spec, CancellationToken cancellationToken)
    {
        var patch = new JsonPatch().AtVersion(read.Metadata.ResourceVersion!);
        var members = JsonSerializer.SerializeToNode(spec, KubernetesJson.Default.V1LeaseSpec)!.AsObject();
        if (read.Spec is null)
        {
            patch.Add("/spec", new JsonObject());
        }

        foreach (var (name, value) in members)
        {
            patch.Add(JsonPatch.Path("spec", name), value?.DeepClone());
        }

        return client.PatchAsync<V1Lease>(options.Key, patch, cancellationToken);
    }

    public IAsyncEnumerable<WatchEvent<V1Lease>> WatchAsync(CancellationToken cancellationToken) =>
        client.WatchAsync<V1Lease>(
            new WatchOptions
            {
                Namespace = options.Key.Namespace,
                FieldSelector = string.Create(CultureInfo.InvariantCulture, $"metadata.name={options.Key.Name}"),
                // A living holder says something at every retry period: a longer silence is a dead holder or a dead connection.
                IdleTimeout = options.Duration * 2,
            },
            cancellationToken);
}
