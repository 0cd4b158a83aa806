namespace Slipway.Ledger.Env;

/// <summary>What became of a request.</summary>
public enum EnvOutcomeKind
{
    /// <summary>It is decided, now or before: the row says how.</summary>
    Decided,

    /// <summary>The stack is not registered yet. Nothing was written.</summary>
    StackUnknown,

    /// <summary>The cluster has seen a revision that the ledger does not know. Nothing was written.</summary>
    LedgerBehind,
}

/// <summary>What became of a patch.</summary>
/// <param name="Kind">Whether it is decided.</param>
/// <param name="Patch">The decision; present for <see cref="EnvOutcomeKind.Decided"/>.</param>
public sealed record EnvOutcome(EnvOutcomeKind Kind, EnvPatchRow? Patch = null);

/// <summary>What became of a stack's own variables.</summary>
/// <param name="Stack">The stack afterwards; null while it is not registered.</param>
/// <param name="Problem">Why they could not be taken: the old revision stands. Null when they were, or others of a newer generation.</param>
/// <param name="LedgerBehind">The cluster has seen a revision that the ledger does not know. Nothing was written.</param>
public sealed record BaselineOutcome(StackRow? Stack, EnvProblem? Problem = null, bool LedgerBehind = false);
