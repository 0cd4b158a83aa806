using System.Globalization;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;
using Slipway.Ledger.Env;

namespace Slipway.Operator.Releases;

/// <summary>What became of a stack's own variables.</summary>
/// <param name="Row">The stack in the ledger afterwards; null while it is not registered.</param>
/// <param name="Problem">Why they could not be taken; null when they were.</param>
public sealed record StackBaseline(StackRow? Row, StackProblem? Problem);

/// <summary>Makes <c>spec.env</c> of a Stack its baseline in the ledger, before anything is decided that depends on it.</summary>
public sealed class StackBaselines(
    EnvLedger ledger,
    Func<NamespacedName, IEnumerable<Deployment>> deploymentsOf,
    Func<NamespacedName, IEnumerable<EnvPatch>> patchesOf)
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>Costs one plain read of the ledger when nothing is new. The stack has been registered.</summary>
    public async Task<StackBaseline> FollowAsync(Stack stack, CancellationToken cancellationToken)
    {
        var uid = Guid.Parse(stack.Metadata.Uid!, CultureInfo.InvariantCulture);
        var seen = HighestSeen(stack);
        try
        {
            var outcome = await ledger.FollowBaselineAsync(
                uid, stack.Metadata.Generation ?? 0, stack.Spec.Env ?? None, seen, cancellationToken);
            return new StackBaseline(outcome.Stack, ProblemOf(outcome, seen));
        }
        catch (EnvKeyUnavailableException error)
        {
            return new StackBaseline(null, new StackProblem(Reasons.EnvKeyUnavailable, error.Message));
        }
    }

    /// <summary>The highest revision of the stack's variables that any object shows; null if none does.</summary>
    public long? HighestSeen(Stack stack)
    {
        var key = NamespacedName.Of(stack);
        return SeenEnvRevisions.Highest(stack, deploymentsOf(key), patchesOf(key));
    }

    private static StackProblem? ProblemOf(BaselineOutcome outcome, long? seen)
    {
        if (outcome.LedgerBehind)
        {
            return new StackProblem(Reasons.LedgerBehind, SeenEnvRevisions.Behind(seen));
        }

        return outcome.Problem is { } problem
            ? new StackProblem(problem.Reason, $"spec.env cannot be taken, and the variables stay as they were: {problem.Message}")
            : null;
    }
}
