using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Ledger;
using Slipway.Operator.Releases;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Stacks;

/// <summary>
/// Ends in the ledger what was not ended by a teardown: stacks whose object went while the ledger was away, or by somebody's hand.
/// One that was not being deleted gets some time before: whoever restores objects under new UIDs finds his stacks as they were.
/// </summary>
/// <param name="grace">For how long an object must be gone although nobody began its teardown.</param>
public sealed class VanishedStacks(
    KubeClient client, ReleaseLedger ledger, ClusterIdentity cluster, IStore<Stack> stacks, OperatorLog log, TimeProvider time, TimeSpan grace)
{
    private readonly Absences _absences = new(time, grace);

    /// <returns>When to look again; null when nothing is missed.</returns>
    public async Task<TimeSpan?> SweepAsync(CancellationToken cancellationToken)
    {
        if (await cluster.ReadAsync(cancellationToken) is not { } here)
        {
            return null;
        }

        var missing = await ListMissingAsync(here, cancellationToken);
        _absences.Keep(missing.Select(stack => stack.Uid));
        TimeSpan? next = null;
        foreach (var stack in missing)
        {
            var left = stack.Lifecycle == StackLifecycle.Live ? _absences.Left(stack.Uid) : TimeSpan.Zero;
            if (left > TimeSpan.Zero)
            {
                next = next < left ? next : left;
                continue;
            }

            await ledger.FinishTeardownAsync(stack.Uid, cancellationToken);
            log.StackVanished(new NamespacedName(stack.Namespace, stack.Name));
        }

        return next;
    }

    private async Task<List<StackRow>> ListMissingAsync(Guid here, CancellationToken cancellationToken)
    {
        var missing = new List<StackRow>();
        foreach (var stack in await ledger.ListStacksAsync(here, cancellationToken))
        {
            if (!await ExistsAsync(stack, cancellationToken))
            {
                missing.Add(stack);
            }
        }

        if (missing.Count > 0)
        {
            // Without the custom resource definition every object seems to be gone; then this fails, and so does the round.
            await client.ListAsync<Stack>(new ListOptions { Limit = 1 }, cancellationToken);
        }

        return missing;
    }

    private async Task<bool> ExistsAsync(StackRow stack, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(stack.Namespace, stack.Name);
        return IsObjectOf(stack, stacks.Get(key)) || IsObjectOf(stack, await client.GetAsync<Stack>(key, cancellationToken));
    }

    private static bool IsObjectOf(StackRow row, Stack? stack) =>
        stack is not null && Guid.TryParse(stack.Metadata.Uid, out var uid) && uid == row.Uid;
}
