using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Ledger.Directory;

namespace Slipway.Operator.Tests.Teams;

/// <summary>Teams as the tests of decisions need them: valid, unless a test says otherwise.</summary>
internal static class TeamSamples
{
    public static readonly Guid Uid = new("bbbbbbbb-0000-0000-0000-000000000001");

    public static Team Team(TeamSpec? spec = null, TeamStatus? status = null, DateTimeOffset? deleted = null) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = "pay",
            Uid = Uid.ToString(),
            Generation = 4,
            ResourceVersion = "8",
            CreationTimestamp = Samples.Now.AddHours(-1),
            DeletionTimestamp = deleted,
            Finalizers = [WellKnown.Finalizer],
        },
        Spec = spec ?? new TeamSpec { DisplayName = "Payments", Owner = "alice" },
        Status = status,
    };

    public static TeamRow Row(string slug = "payments", string slugBase = "payments", string owner = "alice") =>
        new(1, Uid, "pay", true, 4, "Payments", owner, slug, slugBase, null);

    public static TeamSpec WithMembers(params IReadOnlyList<string> subjects) =>
        new() { Owner = "alice", Members = [.. subjects.Select(subject => new TeamMember { Subject = subject })] };

    public static Condition Condition(string type, bool status, string reason) => new()
    {
        Type = type,
        Status = status ? ConditionStatus.True : ConditionStatus.False,
        Reason = reason,
        Message = "as it was",
        ObservedGeneration = 3,
        LastTransitionTime = Samples.Now.AddMinutes(-9),
    };
}
