using Npgsql;
using Slipway.Retry;

namespace Slipway.Ledger;

/// <summary>What one admission carries from attempt to attempt.</summary>
internal sealed class AdmissionRace(AdmissionRequest request, Func<ReleaseVersion, string> imageReference, StackRow hint)
{
    public AdmissionRequest Request { get; } = request;

    public Func<ReleaseVersion, string> ImageReference { get; } = imageReference;

    /// <summary>The stack as it was before any lock: good for choosing the lock, for nothing else.</summary>
    public StackRow Hint { get; } = hint;

    public ReleaseIdentity Identity { get; } =
        new(request.Namespace, request.Name, request.StackUid, request.SpecHash, request.RerunToken);

    public int Attempts { get; set; }

    public int Collisions { get; set; }

    public ReleaseVersion LastAttempted { get; set; }

    /// <summary>
    /// A taken version is tried again with the next one; a violation of the second wall means that somebody wrote without the stack's
    /// lock, and the decision is made again.
    /// </summary>
    public ConflictOperation Operation => new(
        "version",
        $"{Hint.Namespace}/{Hint.Name}",
        error => error is PostgresException { ConstraintName: SqlStates.VersionUnique or SqlStates.OneExclusive or SqlStates.OneActivating or SqlStates.OneActive },
        (error, attempts) => error is PostgresException { ConstraintName: SqlStates.VersionUnique }
            ? new VersionCollisionException($"{Hint.Namespace}/{Hint.Name}", attempts, LastAttempted, error)
            : error);
}
