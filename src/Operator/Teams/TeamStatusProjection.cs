using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Ledger.Directory;
using Slipway.Operator.Slugs;

namespace Slipway.Operator.Teams;

/// <summary>What a Team's status says. Pure.</summary>
public static class TeamStatusProjection
{
    /// <summary>The team is in the ledger, as its object asks.</summary>
    public static TeamStatus Of(Team team, TeamRow row, DateTimeOffset now) => new()
    {
        ObservedGeneration = team.Metadata.Generation,
        Slug = row.Slug,
        Owner = row.Owner,
        Conditions = SlugCondition.Of(SlugAsks.Of(team), row.Slug!, row.SlugBase)
            .In(Set(team, now).Set(WellKnown.Conditions.Ready, true, Reasons.TeamReady, $"the team \"{row.Slug}\" belongs to {row.Owner}"))
            .ToList(),
    };

    /// <summary>There is no slug for it, and so it is not in the ledger at all.</summary>
    public static TeamStatus Exhausted(Team team, DateTimeOffset now)
    {
        var slug = SlugCondition.Exhausted(SlugAsks.Of(team));
        return new TeamStatus
        {
            ObservedGeneration = team.Metadata.Generation,
            Conditions = slug.In(Stall(team, slug.Reason, $"the team is not created: {slug.Message}", now)).ToList(),
        };
    }

    /// <summary>A person must act: what was known stays.</summary>
    public static TeamStatus Stalled(Team team, TeamProblem problem, DateTimeOffset now) => (team.Status ?? new TeamStatus()) with
    {
        ObservedGeneration = team.Metadata.Generation,
        Conditions = Stall(team, problem.Reason, problem.Message, now).Keep(WellKnown.Conditions.SlugAllocated).ToList(),
    };

    /// <summary>The ledger is away: what is known stays, Ready as it was, and Reconciling says what is waited for.</summary>
    public static TeamStatus WhileLedgerIsAway(Team team, DateTimeOffset now)
    {
        const string Message = "the ledger (PostgreSQL) cannot be reached; the team is looked at again when it is back";
        var set = Set(team, now).Keep(WellKnown.Conditions.SlugAllocated);
        if (team.Status?.Conditions?.Any(condition => condition.Type == WellKnown.Conditions.Ready) == true)
        {
            set.Keep(WellKnown.Conditions.Ready);
        }
        else
        {
            set.Set(WellKnown.Conditions.Ready, false, Reasons.LedgerUnavailable, Message);
        }

        return (team.Status ?? new TeamStatus()) with
        {
            ObservedGeneration = team.Metadata.Generation,
            Conditions = set.Set(WellKnown.Conditions.Reconciling, true, Reasons.LedgerUnavailable, Message).ToList(),
        };
    }

    private static ConditionSet Stall(Team team, string reason, string message, DateTimeOffset now) => Set(team, now)
        .Set(WellKnown.Conditions.Ready, false, reason, message)
        .Set(WellKnown.Conditions.Stalled, true, reason, message);

    private static ConditionSet Set(Team team, DateTimeOffset now) =>
        new(team.Status?.Conditions, TeamConditions.All, team.Metadata.Generation ?? 0, now);
}
