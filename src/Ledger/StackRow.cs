using Slipway.Ledger.Env;

namespace Slipway.Ledger;

/// <summary>What the ledger is told about a stack.</summary>
/// <param name="Uid">The UID of the Stack object.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name; with the namespace, the lineage in which versions count.</param>
/// <param name="Generation">The generation of the object that says so: an older one never overwrites a newer one.</param>
/// <param name="Concurrency">Its policy for releases that meet.</param>
/// <param name="Cluster">The cluster that the object is in, by the UID of its namespace kube-system; null if that could not be found out.</param>
public sealed record StackRegistration(
    Guid Uid, string Namespace, string Name, long Generation, ConcurrencyPolicy Concurrency, Guid? Cluster = null);

/// <summary>A stack as the ledger knows it. Its row is the lock under which releases are admitted and activated.</summary>
/// <param name="Id">The key of its row.</param>
/// <param name="Uid">The UID of the Stack object.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Lifecycle">Whether it takes releases.</param>
/// <param name="Concurrency">Its policy for releases that meet.</param>
/// <param name="Generation">The generation of the object that said so last.</param>
/// <param name="Sequence">
/// Grows with every change of what the workload must be. A workload stamped with a lower number than this is stale, and one
/// stamped with a higher number was written by somebody who knew more.
/// </param>
/// <param name="Cluster">The cluster that it was registered from; null if that was not recorded.</param>
/// <param name="EnvRevision">The newest revision of its variables; null while it never had one.</param>
/// <param name="EnvBaselineRevision">The newest revision that its own <c>spec.env</c> made; null as above.</param>
/// <param name="EnvGeneration">The generation of the object whose <c>spec.env</c> was looked at last.</param>
public sealed record StackRow(
    long Id,
    Guid Uid,
    string Namespace,
    string Name,
    StackLifecycle Lifecycle,
    ConcurrencyPolicy Concurrency,
    long Generation,
    long Sequence,
    Guid? Cluster = null,
    long? EnvRevision = null,
    long? EnvBaselineRevision = null,
    long? EnvGeneration = null);

/// <summary>A stack and the releases that matter now, all of one moment.</summary>
/// <param name="Stack">The stack itself.</param>
/// <param name="Desired">What the workload must be: the activating release, else the active one. Null once the stack is deleted.</param>
/// <param name="Active">The active release, if one ever became so.</param>
/// <param name="InFlight">Every release before Active, in order of admission: the lock, readable.</param>
/// <param name="Newest">The newest releases, the last one first, refused ones included.</param>
/// <param name="Source">What the stack's own source has asked for; null if it never had one.</param>
/// <param name="SourceRelease">The release of the Deployment that the stack's own source made; null if there is none yet.</param>
/// <param name="Env">The newest revision of its variables; null while it never had one.</param>
/// <param name="DesiredEnv">The revision that <see cref="Desired"/> pins; null when it has none.</param>
public sealed record StackState(
    StackRow Stack,
    ReleaseRow? Desired,
    ReleaseRow? Active,
    IReadOnlyList<ReleaseRow> InFlight,
    IReadOnlyList<ReleaseRow> Newest,
    StackSourceRow? Source = null,
    ReleaseRow? SourceRelease = null,
    EnvRevision? Env = null,
    EnvRevision? DesiredEnv = null);
