using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;

namespace Slipway.Operator.Releases;

/// <summary>What the cluster's objects know of a stack's versions, whatever the ledger says.</summary>
public static class SeenVersions
{
    /// <returns>The highest version in the statuses of the stack and its Deployments; null if there is none.</returns>
    public static ReleaseVersion? Highest(Stack stack, IEnumerable<Deployment> deployments)
    {
        ReleaseVersion? highest = null;
        var texts = deployments.Select(one => one.Status?.Version)
            .Append(stack.Status?.ActiveVersion)
            .Concat((stack.Status?.InFlight ?? []).Select(one => one.Version))
            .Concat((stack.Status?.Releases ?? []).Select(one => one.Version));
        foreach (var text in texts)
        {
            if (ReleaseVersion.TryParse(text, out var version) && (highest is null || version > highest))
            {
                highest = version;
            }
        }

        return highest;
    }

    /// <summary>What is to be said, and done, when the ledger does not know that version.</summary>
    public static string Behind(ReleaseVersion? seen) =>
        $"the stack has been at version {seen}, which the ledger does not know: it seems to be restored from an older backup; "
        + "nothing is changed and no version handed out until \"slipway ledger repair\" has been run";
}
