using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Releases;

/// <summary>Whether the team that a Stack names is there, by the cache.</summary>
public sealed class StackTeams(IStore<Team> teams)
{
    /// <summary>Index of stacks by the name of their team.</summary>
    public const string ByTeam = "team";

    /// <summary>The team that a stack names; null when it names none.</summary>
    public static string? NameOf(Stack stack) => string.IsNullOrEmpty(stack.Spec.Team) ? null : stack.Spec.Team;

    /// <summary>The Team object that a stack names, or null.</summary>
    public Team? Find(Stack stack) => NameOf(stack) is { } name ? teams.Get(new NamespacedName("", name)) : null;

    /// <summary>What the stack waits for; null when its team is there, or it names none.</summary>
    public StackProblem? ProblemOf(Stack stack)
    {
        if (NameOf(stack) is not { } name)
        {
            return null;
        }

        return Find(stack) switch
        {
            null => new StackProblem(Reasons.TeamNotFound, $"waiting for Team {name}, which spec.team names"),
            { } team when IsTooLate(stack, team) => new StackProblem(
                Reasons.TeamDeleting, $"Team {name} is being deleted and takes no further stack: change spec.team, or make the Team anew when it is gone"),
            { } team when team.Status?.Slug is null => NotReady(team),
            _ => null,
        };
    }

    /// <summary>
    /// A team on its way out waits for the stacks that name it and were there before, not for those that come later: else the two would
    /// wait for each other.
    /// </summary>
    public static bool IsTooLate(Stack stack, Team team) => stack.Metadata.CreationTimestamp > team.Metadata.DeletionTimestamp;

    public static StackProblem NotReady(Team team)
    {
        var ready = team.Status?.Conditions?.FirstOrDefault(condition => condition.Type == WellKnown.Conditions.Ready);
        var why = ready is { Status: ConditionStatus.False } ? $": {ready.Reason}: {ready.Message}" : "";
        return new StackProblem(Reasons.TeamNotReady, Text.Cut($"waiting until Team {team.Metadata.Name} is ready{why}"));
    }
}
