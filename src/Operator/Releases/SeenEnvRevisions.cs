using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;

namespace Slipway.Operator.Releases;

/// <summary>What the cluster's objects know of the revisions of a stack's variables, whatever the ledger says.</summary>
public static class SeenEnvRevisions
{
    /// <returns>The highest revision in the statuses of the stack and of what is bound to it; null if there is none.</returns>
    public static long? Highest(Stack stack, IEnumerable<Deployment> deployments, IEnumerable<EnvPatch> patches) =>
        deployments.Where(one => one.Status?.StackUid == stack.Metadata.Uid).Select(one => one.Status?.EnvRevision)
            .Concat(patches.Where(one => one.Status?.StackUid == stack.Metadata.Uid).Select(one => one.Status?.Revision))
            .Append(stack.Status?.EnvRevision)
            .Max();

    /// <summary>What is to be said, and done, when the ledger does not know that revision.</summary>
    public static string Behind(long? seen) =>
        $"the stack's variables have been at revision {seen}, which the ledger does not know: it seems to be restored from an older backup; "
        + "nothing is changed and no revision handed out until \"slipway ledger repair\" has been run";
}
