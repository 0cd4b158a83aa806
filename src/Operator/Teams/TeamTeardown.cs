using System.Globalization;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Kubernetes;
using Slipway.Ledger.Directory;
using Slipway.Operator.Releases;
using Slipway.Runtime;

namespace Slipway.Operator.Teams;

/// <summary>Ends a team once no stack names it: first in the ledger, which frees its slug, then its finalizer. Can be repeated.</summary>
public sealed class TeamTeardown(
    KubeClient client,
    DirectoryLedger ledger,
    LedgerHealth health,
    Func<string, IEnumerable<Stack>> stacksOf,
    WatchedNamespaces namespaces,
    TeamReports reports,
    TimeProvider time)
{
    private const int MostNamed = 5;

    /// <summary>A little under the promised minute.</summary>
    private static readonly TimeSpan LongestWaitForLedger = TimeSpan.FromSeconds(45);

    /// <summary>Each stack that goes wakes its team; the timer is for one that goes without its object.</summary>
    private static readonly TimeSpan LookForStacks = TimeSpan.FromSeconds(30);

    public async Task<Next> RunAsync(Team team, CancellationToken cancellationToken)
    {
        if (!team.Metadata.HasFinalizer(WellKnown.Finalizer))
        {
            return Next.Settled;
        }

        if (await FindStacksAsync(team, cancellationToken) is { Count: > 0 } stacks)
        {
            return await InUseAsync(team, await AgreeAsync(team, stacks, cancellationToken), cancellationToken);
        }

        var left = team.Metadata.DeletionTimestamp!.Value + LongestWaitForLedger - time.GetUtcNow();
        if (!health.IsAvailable && left > TimeSpan.Zero)
        {
            return Next.After(left);
        }

        if (health.IsAvailable)
        {
            var end = await ledger.EndTeamAsync(UidOf(team), team.Metadata.Name!, cancellationToken);
            if (!end.IsDeleted)
            {
                return await InUseAsync(team, end.Stacks, cancellationToken);
            }
        }

        await Finalizers.RemoveAsync(client, team, WellKnown.Finalizer, cancellationToken);
        return Next.Settled;
    }

    /// <summary>By the cache and, when that knows none, by the API server's own word: a stack may have been applied a moment before.</summary>
    private async Task<IReadOnlyList<string>> FindStacksAsync(Team team, CancellationToken cancellationToken)
    {
        var cached = Naming(team, stacksOf(team.Metadata.Name!));
        return cached.Count > 0
            ? cached
            : Naming(team, await namespaces.ListAsync<Stack>(client, cancellationToken));
    }

    /// <summary>
    /// Operators of some namespaces each share teams, and each sees stacks of its own only: they write the same status if they name those that
    /// the ledger names, and would overwrite each other's without end if not.
    /// </summary>
    private async Task<IReadOnlyList<string>> AgreeAsync(Team team, IReadOnlyList<string> seen, CancellationToken cancellationToken)
    {
        var bound = namespaces.Names.Count > 0 && health.IsAvailable
            ? await ledger.ListStacksOfTeamAsync(UidOf(team), cancellationToken)
            : [];
        return bound.Count > 0 ? bound : seen;
    }

    private static Guid UidOf(Team team) => Guid.Parse(team.Metadata.Uid!, CultureInfo.InvariantCulture);

    private static List<string> Naming(Team team, IEnumerable<Stack> stacks) =>
    [
        .. stacks.Where(stack => stack.Spec.Team == team.Metadata.Name && !StackTeams.IsTooLate(stack, team))
            .Select(stack => NamespacedName.Of(stack).ToString()),
    ];

    private async Task<Next> InUseAsync(Team team, IReadOnlyList<string> stacks, CancellationToken cancellationToken)
    {
        var named = stacks.Order(StringComparer.Ordinal).Take(MostNamed).ToList();
        var more = stacks.Count > named.Count ? $" and {stacks.Count - named.Count} more" : "";
        var message = $"the team is deleted when no stack names it any more: {string.Join(", ", named)}{more}; delete them, or change their spec.team";
        await reports.StalledAsync(team, new TeamProblem(Reasons.TeamInUse, message), cancellationToken);
        return Next.After(LookForStacks);
    }
}
