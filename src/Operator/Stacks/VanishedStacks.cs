using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Ledger;
using Slipway.Operator.Releases;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Stacks;

/// <summary>Ends in the ledger the stacks that were not ended by a teardown. One whose teardown had begun is ended at once.</summary>
/// <param name="grace">For how long an object must be gone although nobody began its teardown.</param>
public sealed class VanishedStacks(
    KubeClient client, ReleaseLedger ledger, ClusterIdentity cluster, WatchedNamespaces namespaces, IStore<Stack> stacks, OperatorLog log, TimeProvider time,
    TimeSpan grace)
{
    private readonly VanishedRows<StackRow, Stack> _rows =
        new(client, cluster, namespaces, stacks, time, grace, row => (row.Uid, new NamespacedName(row.Namespace, row.Name)));

    /// <returns>When to look again; null when nothing is missed.</returns>
    public Task<TimeSpan?> SweepAsync(CancellationToken cancellationToken) => _rows.SweepAsync(
        ledger.ListStacksAsync, stack => stack.Lifecycle == StackLifecycle.Live, EndAsync, cancellationToken);

    private async Task EndAsync(StackRow stack, CancellationToken cancellationToken)
    {
        await ledger.FinishTeardownAsync(stack.Uid, cancellationToken);
        log.StackVanished(new NamespacedName(stack.Namespace, stack.Name));
    }
}
