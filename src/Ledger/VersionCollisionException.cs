namespace Slipway.Ledger;

/// <summary>Every attempt at a version lost its number to another release. Nothing was written; trying again later is right.</summary>
public sealed class VersionCollisionException(string stack, int attempts, ReleaseVersion lastAttemptedVersion, Exception innerException)
    : Exception(
        $"No version for a release of stack {stack} after {attempts} attempt(s): {lastAttemptedVersion} was taken by another release. "
        + "It is tried again; if this recurs, raise the number of conflict retries.",
        innerException)
{
    /// <summary>The stack, <c>namespace/name</c>.</summary>
    public string Stack { get; } = stack;

    /// <summary>How many attempts were made, the first included.</summary>
    public int Attempts { get; } = attempts;

    public ReleaseVersion LastAttemptedVersion { get; } = lastAttemptedVersion;
}
