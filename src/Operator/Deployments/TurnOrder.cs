using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;

namespace Slipway.Operator.Deployments;

/// <summary>Whose turn it is among the Deployments of one stack: by (creationTimestamp, namespace, name).</summary>
public static class TurnOrder
{
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Those that stand in line with this one. Who brings new variables waits under every policy; under Reject nobody else does, so nobody
    /// waits for him either. Among themselves they need no order: whoever is first brings the newest, and the others are over. And as long as
    /// a stack's own variables cannot be taken, or its team is missing, only other rollbacks stand before a rollback, which needs neither.
    /// </summary>
    public static IEnumerable<Deployment> InLine(Deployment self, Stack? stack, IReadOnlyCollection<Deployment> ofTheStack)
    {
        if (BringsVariables(self) || stack?.Spec.Policy?.Concurrency == Concurrency.Reject)
        {
            return ofTheStack.Where(one => !BringsVariables(one));
        }

        return self.Spec.Source.Rollback is not null && ofTheStack.Any(WaitsForStack)
            ? ofTheStack.Where(one => one.Spec.Source.Rollback is not null)
            : ofTheStack;
    }

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

    private static bool BringsVariables(Deployment deployment) => deployment.Spec.Source.Current?.EnvRevision is not null;

    private static bool WaitsForStack(Deployment deployment) => IsWaiting(deployment)
        && deployment.Status?.Conditions?.FirstOrDefault(one => one.Type == WellKnown.Conditions.Reconciling)?.Reason
            is Reasons.EnvTooLarge or Reasons.InvalidEnvKey or Reasons.InvalidEnvValue or Reasons.EnvKeyUnavailable
            or Reasons.TeamNotFound or Reasons.TeamNotReady or Reasons.TeamDeleting;

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
