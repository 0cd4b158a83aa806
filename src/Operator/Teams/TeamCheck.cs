using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Teams;

namespace Slipway.Operator.Teams;

/// <summary>What is wrong with a Team, so that it is not followed.</summary>
public sealed record TeamProblem(string Reason, string Message);

/// <summary>The rules of a Team's spec.</summary>
public static class TeamCheck
{
    public static TeamProblem? Of(TeamSpec spec)
    {
        if (spec.DisplayName is { } name && string.IsNullOrWhiteSpace(name))
        {
            return new TeamProblem(Reasons.InvalidDisplayName, "spec.displayName is empty: give the team a name, or leave the field out");
        }

        if (string.IsNullOrWhiteSpace(spec.Owner))
        {
            return new TeamProblem(Reasons.OwnerRequired, "spec.owner is empty: a team is never without its owner; name one");
        }

        return OfSubject("spec.owner", spec.Owner) ?? OfMembers(spec.Members ?? []);
    }

    private static TeamProblem? OfMembers(IReadOnlyList<TeamMember> members)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < members.Count; index++)
        {
            var field = $"spec.members[{index}].subject";
            var subject = members[index].Subject;
            if (OfSubject(field, subject) is { } problem)
            {
                return problem;
            }

            if (!seen.TryAdd(subject, index))
            {
                return new TeamProblem(
                    Reasons.DuplicateMember, $"{field} is \"{subject}\", as spec.members[{seen[subject]}].subject is: list every member once");
            }
        }

        return null;
    }

    private static TeamProblem? OfSubject(string field, string? subject)
    {
        if (string.IsNullOrWhiteSpace(subject))
        {
            return new TeamProblem(Reasons.InvalidSubject, $"{field} is empty: name a user, a group or a service account");
        }

        return char.IsWhiteSpace(subject[0]) || char.IsWhiteSpace(subject[^1]) || subject.Any(char.IsControl)
            ? new TeamProblem(Reasons.InvalidSubject, $"{field} begins or ends with white space, or has control characters: take them away")
            : null;
    }
}
