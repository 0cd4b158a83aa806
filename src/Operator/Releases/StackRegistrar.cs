using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Ledger;

namespace Slipway.Operator.Releases;

/// <summary>Makes a Stack known to the ledger.</summary>
public sealed class StackRegistrar(KubeClient client, ReleaseLedger ledger, ClusterIdentity cluster)
{
    /// <summary>Costs one plain read of the ledger when nothing is new.</summary>
    public async Task<StackRow> RegisterAsync(Stack stack, CancellationToken cancellationToken)
    {
        var registration = StackRegistrations.Of(stack, await cluster.ReadAsync(cancellationToken));
        return await ledger.RegisterStackAsync(registration, token => ExistsAsync(stack, token), cancellationToken);
    }

    /// <summary>By the API server's own word: a cache may still show an object whose successor has registered already.</summary>
    private async Task<bool> ExistsAsync(Stack stack, CancellationToken cancellationToken) =>
        (await client.GetAsync<Stack>(NamespacedName.Of(stack), cancellationToken))?.Metadata.Uid == stack.Metadata.Uid;
}
