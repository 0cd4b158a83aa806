using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;

namespace Slipway.Operator.Releases;

/// <summary>Which cluster this is: the UID of its namespace kube-system, which lives as long as the cluster does.</summary>
/// <param name="client">Whose cluster it is.</param>
/// <param name="unknown">Called with the reason when it may not be read.</param>
public sealed class ClusterIdentity(KubeClient client, Action<string> unknown)
{
    /// <summary>The namespace that every cluster has.</summary>
    public const string Namespace = "kube-system";

    private volatile Answer? _known;

    /// <summary>Null when it may not be read: stacks that vanish are then not noticed, and nothing else depends on it.</summary>
    public async Task<Guid?> ReadAsync(CancellationToken cancellationToken) =>
        (_known ??= new Answer(await FindAsync(cancellationToken))).Uid;

    private async Task<Guid?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            var home = await client.GetAsync<V1Namespace>(new NamespacedName("", Namespace), cancellationToken);
            return Guid.TryParse(home?.Metadata.Uid, out var uid) ? uid : null;
        }
        catch (ApiException error) when (error.IsForbidden)
        {
            unknown(error.Message);
            return null;
        }
    }

    private sealed record Answer(Guid? Uid);
}
