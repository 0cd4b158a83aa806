using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Ledger;

namespace Slipway.Operator.Stacks;

/// <summary>
/// Removes ended Deployments that a stack's own source made, beyond spec.policy.historyLimit. What others applied is theirs to
/// remove; the ledger keeps the release of either.
/// </summary>
public sealed class HistoryPruning(KubeClient client)
{
    private const int DefaultLimit = 10;

    public async Task PruneAsync(Stack stack, IEnumerable<Deployment> deployments, CancellationToken cancellationToken)
    {
        foreach (var deployment in Superfluous(stack, deployments))
        {
            var options = new DeleteOptions { Uid = deployment.Metadata.Uid, ResourceVersion = deployment.Metadata.ResourceVersion };
            await client.DeleteAsync<Deployment>(NamespacedName.Of(deployment), options, cancellationToken);
        }
    }

    /// <summary>The oldest of those that have ended, by version and else by creation.</summary>
    public static IReadOnlyList<Deployment> Superfluous(Stack stack, IEnumerable<Deployment> deployments) =>
    [
        .. deployments
            .Where(one => one.Metadata.Controller()?.Uid == stack.Metadata.Uid
                && one.Metadata.DeletionTimestamp is null
                && one.Status?.Phase?.IsTerminal() == true)
            .OrderByDescending(one => one.Metadata.CreationTimestamp)
            .ThenByDescending(one => ReleaseVersion.TryParse(one.Status!.Version, out var version) ? version : default)
            .Skip(stack.Spec.Policy?.HistoryLimit ?? DefaultLimit),
    ];
}
