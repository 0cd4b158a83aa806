using Slipway.Crds.V1Alpha1.Deployments;

namespace Slipway.Operator.Deployments;

/// <summary>Whose turn it is among the Deployments of one stack: by (creationTimestamp, namespace, name).</summary>
public static class TurnOrder
{
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(2);

    /// <summary>The Deployment that goes next although it is not this one; null when it is this one's turn.</summary>
    public static Deployment? Ahead(Deployment self, IEnumerable<Deployment> ofTheStack) =>
        ofTheStack
            .Where(other => other.Metadata.Uid != self.Metadata.Uid && IsWaiting(other) && Compare(other, self) < 0)
            .Order(Comparer<Deployment>.Create(Compare))
            .FirstOrDefault();

    /// <summary>
    /// How long until every Deployment created in the same second is known: creationTimestamp has whole seconds, so a peer
    /// that arrives a moment later may still sort before this one. Zero once that second has passed.
    /// </summary>
    public static TimeSpan UntilSecondHasPassed(Deployment self, DateTimeOffset now)
    {
        var left = (self.Metadata.CreationTimestamp ?? now) + TimeSpan.FromSeconds(1) - now;

        // More than this only a clock that lags behind the API server's can say; it must not hold up a release.
        return left <= TimeSpan.Zero || left > LongestSettling ? TimeSpan.Zero : left;
    }

    /// <summary>Live, valid, uncancelled, and not admitted yet.</summary>
    private static bool IsWaiting(Deployment deployment) =>
        deployment.Metadata.DeletionTimestamp is null
        && deployment.Spec.Cancel != true
        && deployment.Status?.Version is null
        && deployment.Status?.Phase?.IsTerminal() != true
        && SpecCheck.Of(deployment) is null
        && (deployment.Status?.SpecHash is not { } recorded || recorded == DeploymentSpecHash.Of(deployment.Spec));

    private static int Compare(Deployment left, Deployment right)
    {
        var byTime = Nullable.Compare(left.Metadata.CreationTimestamp, right.Metadata.CreationTimestamp);
        if (byTime != 0)
        {
            return byTime;
        }

        var byNamespace = string.CompareOrdinal(left.Metadata.Namespace, right.Metadata.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(left.Metadata.Name, right.Metadata.Name);
    }
}
