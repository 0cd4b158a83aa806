namespace Slipway.Ledger.Env;

/// <summary>What a cluster knows of a stack's variables, for a ledger that was restored from an older backup.</summary>
/// <param name="StackUid">The stack; registered.</param>
/// <param name="Generation">Generation of its object.</param>
/// <param name="Baseline">What its <c>spec.env</c> says.</param>
/// <param name="Highest">The highest revision that any object shows.</param>
/// <param name="Patches">Patches that were merged.</param>
/// <param name="Values">Values of revisions whose Secrets are there.</param>
public sealed record EnvEvidence(
    Guid StackUid,
    long Generation,
    IReadOnlyDictionary<string, string> Baseline,
    long Highest,
    IReadOnlyList<EnvPatchEvidence> Patches,
    IReadOnlyDictionary<long, IReadOnlyDictionary<string, string>> Values);

/// <summary>A patch that was merged, by its status.</summary>
/// <param name="Request">The patch, with the change it asks for.</param>
/// <param name="Revision">The revision that it says.</param>
/// <param name="Made">Whether its Deployment was made.</param>
/// <param name="Changed">Whether it says that it set or unset something: then it made that revision, and did not only find it.</param>
public sealed record EnvPatchEvidence(EnvPatchRequest Request, long Revision, bool Made, bool Changed);
