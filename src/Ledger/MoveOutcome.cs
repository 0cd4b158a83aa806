namespace Slipway.Ledger;

/// <summary>What became of a compare-and-set.</summary>
/// <param name="Moved">
/// Whether this very call wrote. False means that the row was not in the phase the write expects: look at <paramref name="Row"/>,
/// which may already say what was wanted because an earlier call wrote it.
/// </param>
/// <param name="Row">The release as it is now.</param>
public sealed record MoveOutcome(bool Moved, ReleaseRow Row);
