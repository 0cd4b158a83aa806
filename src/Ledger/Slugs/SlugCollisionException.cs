namespace Slipway.Ledger.Slugs;

/// <summary>Every attempt at a slug lost it to another object. Nothing was written; trying again later is right.</summary>
public sealed class SlugCollisionException(string @base, int attempts, string lastCandidate, Exception innerException)
    : Exception(
        $"No slug made of \"{@base}\" after {attempts} attempt(s): \"{lastCandidate}\" was taken by another object. "
        + "It is tried again; if this recurs, raise the number of conflict retries.",
        innerException)
{
    /// <summary>What the candidates were made of.</summary>
    public string Base { get; } = @base;

    /// <summary>How many attempts were made, the first included.</summary>
    public int Attempts { get; } = attempts;

    public string LastCandidate { get; } = lastCandidate;
}
