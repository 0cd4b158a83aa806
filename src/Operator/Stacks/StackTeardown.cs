using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Releases;
using Slipway.Runtime;

namespace Slipway.Operator.Stacks;

/// <summary>
/// Ends a stack: first in the ledger, so that nothing is admitted or written any more, then its workload, then its row,
/// then its finalizer. Each step can be repeated.
/// </summary>
public sealed class StackTeardown(KubeClient client, ReleaseLedger ledger, LedgerHealth health, Wakeups wakeups, Func<NamespacedName, IEnumerable<NamespacedName>> deploymentsOf, TimeProvider time)
{
    /// <summary>A little under the promised minute.</summary>
    private static readonly TimeSpan LongestWaitForLedger = TimeSpan.FromSeconds(45);

    public async Task<Next> RunAsync(Stack stack, CancellationToken cancellationToken)
    {
        if (!stack.Metadata.HasFinalizer(WellKnown.Finalizer))
        {
            return Next.Settled;
        }

        var left = stack.Metadata.DeletionTimestamp!.Value + LongestWaitForLedger - time.GetUtcNow();
        if (!health.IsAvailable && left > TimeSpan.Zero)
        {
            return Next.After(left);
        }

        var uid = Guid.Parse(stack.Metadata.Uid!);
        if (health.IsAvailable)
        {
            await ledger.BeginTeardownAsync(uid, cancellationToken);
        }

        await EndWorkloadAsync(stack, cancellationToken);
        if (health.IsAvailable)
        {
            await ledger.FinishTeardownAsync(uid, cancellationToken);
        }

        await Finalizers.RemoveAsync(client, stack, WellKnown.Finalizer, cancellationToken);
        foreach (var deployment in deploymentsOf(NamespacedName.Of(stack)))
        {
            wakeups.Deployment(deployment.Namespace, deployment.Name);
        }

        return Next.Settled;
    }

    private async Task EndWorkloadAsync(Stack stack, CancellationToken cancellationToken)
    {
        if (stack.Spec.DeletionPolicy == DeletionPolicy.Orphan)
        {
            await Orphaning.LetGoOfWorkloadAsync(client, stack.Metadata, cancellationToken);
            await Orphaning.LetGoOfServiceAsync(client, stack.Metadata, cancellationToken);
            return;
        }

        await DeleteAsync<V1Deployment>(stack, cancellationToken);
        await DeleteAsync<V1Service>(stack, cancellationToken);
    }

    private async Task DeleteAsync<T>(Stack stack, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var key = NamespacedName.Of(stack);
        if (await client.GetAsync<T>(key, cancellationToken) is { } live && live.Metadata.Controller()?.Uid == stack.Metadata.Uid)
        {
            await client.DeleteAsync<T>(key, new DeleteOptions { Uid = live.Metadata.Uid }, cancellationToken);
        }
    }
}
