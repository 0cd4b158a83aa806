namespace Slipway.Ledger;

/// <summary>Why the release whose image was asked for cannot be had.</summary>
/// <param name="Reason">One PascalCase word.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Passes">What is in flight now may change it.</param>
internal sealed record TargetProblem(string Reason, string Message, bool Passes);

/// <summary>The release whose image a newcomer takes: the active one, or an earlier version.</summary>
internal sealed record ReleaseTarget(ReleaseRow? Release, TargetProblem? Problem)
{
    public static ReleaseTarget None { get; } = new(null, null);

    public static ReleaseTarget OfCurrent(ReleaseRow? active, StackRow stack) => active is not null
        ? new ReleaseTarget(active, null)
        : Refused("NoActiveRelease", $"Stack {stack.Name} has no active release whose image could be released again.", passes: true);

    public static ReleaseTarget OfRollback(ReleaseVersion version, ReleaseRow? target, StackRow stack)
    {
        if (target is null)
        {
            return Refused("VersionNotFound", $"Stack {stack.Name} has no version {version}; status.releases of the Stack lists the newest ones.");
        }

        if (target.StackId != stack.Id)
        {
            return Refused("VersionNotFound", $"Version {version} belongs to a former stack of the name {stack.Name}, which was deleted.");
        }

        if (target.Phase == ReleasePhase.Active)
        {
            return Refused("VersionActive", $"Version {version} ({target.Name}) is active already.", passes: true);
        }

        return target.WasActive
            ? new ReleaseTarget(target, null)
            : Refused(
                "VersionNeverActive",
                $"Version {version} ({target.Name}) was never active: it is {target.Phase}. Only what has run can be restored.",
                passes: target.Phase.IsInFlight());
    }

    private static ReleaseTarget Refused(string reason, string message, bool passes = false) => new(null, new TargetProblem(reason, message, passes));
}
