using Npgsql;
using Slipway.Retry;

namespace Slipway.Ledger;

/// <summary>
/// What is remembered of stacks and releases.
/// <para><b>Flow.</b> <see cref="RegisterStackAsync"/> → <see cref="AdmitAsync"/> (→ <see cref="AwaitBuildAsync"/> →
/// <see cref="BeginBuildAsync"/> → <see cref="BeginPushAsync"/>) → <see cref="TakeSlotAsync"/> →
/// <see cref="BeginRolloutAsync"/> → <see cref="ActivateAsync"/>; <see cref="FailAsync"/> and <see cref="CancelAsync"/> end what has not
/// become active, <see cref="RefuseAsync"/> what was never admitted.</para>
/// <para><b>Guarantees.</b> Each method is one transaction: killed at any point, it has happened or it has not. Each can be called
/// again, by this process or another one, also at the same time: it is unique by UID, writes only from the phase it expects, and
/// answers with what is there. So a lost answer to a commit is cured by asking again. Who locks more than one row locks the stack's
/// first, so that no two wait for each other.</para>
/// <para><b>Assumptions.</b> Names are unique among existing objects: a row of the same name and another UID belongs to an object that
/// is gone. One ledger serves one cluster at a time. An object has its finalizer before its first write here.</para>
/// <para><b>Errors.</b> What the database reports passes through; <see cref="LedgerFaults.IsUnavailable"/> tells an outage from a bug.
/// Methods about one release throw <see cref="ReleaseNotFoundException"/> when the ledger has never heard of it.</para>
/// </summary>
public sealed class ReleaseLedger(NpgsqlDataSource dataSource, TimeProvider time, ConflictRetry retry)
{
    private readonly Stacks _stacks = new(dataSource, time);
    private readonly Admissions _admissions = new(dataSource, time, retry);
    private readonly Refusals _refusals = new(dataSource, time);
    private readonly ActivationSlot _slot = new(dataSource, time);
    private readonly Moves _moves = new(dataSource, time);
    private readonly ReleaseArchive _archive = new(dataSource, time);
    private readonly Repairs _repairs = new(dataSource, time);
    private readonly StackSources _sources = new(dataSource);

    /// <summary>
    /// Makes a stack known, or takes over what a newer generation of it says. A row of the same namespace and name that is Live belongs
    /// to an object that is gone without a teardown: this is the same stack, restored under a new UID. It takes over every release,
    /// the active one and those in flight too, and the step that the workload was last changed at; the former row becomes Deleted.
    /// A row that is Deleting is ended instead, and shares nothing but its versions with this one. A UID that is Deleting or Deleted stays so. Costs one plain read when
    /// nothing is new.
    /// </summary>
    /// <param name="registration">The stack.</param>
    /// <param name="exists">
    /// Whether the very object is there by the word of the API server and no cache; asked only when another row has the name, and
    /// then while nobody else can register it. If it is not, it is registered as Deleted.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task<StackRow> RegisterStackAsync(
        StackRegistration registration, Func<CancellationToken, Task<bool>> exists, CancellationToken cancellationToken) =>
        _stacks.RegisterAsync(registration, exists, cancellationToken);

    /// <summary>
    /// Admits a release as Pending with the next version of its stack, or says why not; a release that is not admitted burns no
    /// version. Versions of a stack are dense and grow, however many callers race for them: a first attempt under Parallel is
    /// optimistic, a repeated one holds the stack's lock.
    /// </summary>
    /// <param name="request">What asks to be admitted.</param>
    /// <param name="imageReference">
    /// Makes the image reference of a version; called on each attempt, so that what is stored belongs to the version that is stored.
    /// What it throws passes through at once, and nothing is written.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt; nothing is written, unless the commit was already under way.</param>
    /// <exception cref="VersionCollisionException">Every attempt lost its number to another release.</exception>
    public Task<AdmissionOutcome> AdmitAsync(
        AdmissionRequest request, Func<ReleaseVersion, string> imageReference, CancellationToken cancellationToken) =>
        _admissions.AdmitAsync(request, imageReference, cancellationToken);

    /// <summary>The release of an object, or null.</summary>
    public Task<ReleaseRow?> FindReleaseAsync(Guid uid, CancellationToken cancellationToken) =>
        ReleaseQueries.FindAsync(dataSource, uid, cancellationToken);

    /// <summary>
    /// The Active or ended release that an object of the same name asked for with the same spec on the same stack, or null. An object
    /// that was deleted and applied again takes its result over instead of running once more.
    /// </summary>
    public Task<ReleaseRow?> FindFinishedTwinAsync(
        string @namespace, string name, Guid stackUid, string specHash, string rerunToken, CancellationToken cancellationToken) =>
        ReleaseQueries.FindFinishedTwinAsync(dataSource, @namespace, name, stackUid, specHash, rerunToken, cancellationToken);

    /// <summary>
    /// Writes the row of a release that ends before it was admitted, without a version, so that nobody with an older view admits it
    /// later. If the object, or one that said the same, has a row already, that one is returned as it is (a release in flight of a
    /// former object of this name ends Cancelled, <c>ObjectGone</c>).
    /// </summary>
    /// <exception cref="ArgumentException">The phase is not Failed, Cancelled or Superseded, or there is no reason.</exception>
    public Task<ReleaseRow> RefuseAsync(Refusal refusal, CancellationToken cancellationToken) =>
        _refusals.RefuseAsync(refusal, cancellationToken);

    /// <summary>Starts the clock of a Pending release whose build has been given to the cluster. Only the first call sets the deadline.</summary>
    public Task<MoveOutcome> AwaitBuildAsync(Guid uid, TimeSpan deadline, CancellationToken cancellationToken) =>
        _moves.AwaitBuildAsync(uid, deadline, cancellationToken);

    /// <summary>Pending → Building: its build was seen to run.</summary>
    public Task<MoveOutcome> BeginBuildAsync(Guid uid, TimeSpan deadline, CancellationToken cancellationToken) =>
        _moves.AdvanceAsync(uid, ReleasePhase.Pending, ReleasePhase.Building, null, deadline, cancellationToken);

    /// <summary>Building → Pushing: its image was built and is on its way to the registry.</summary>
    /// <param name="uid">The release.</param>
    /// <param name="revision">The commit or artifact that was built, if that is known.</param>
    /// <param name="deadline">How long the push may take.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task<MoveOutcome> BeginPushAsync(Guid uid, string? revision, TimeSpan deadline, CancellationToken cancellationToken) =>
        _moves.AdvanceAsync(uid, ReleasePhase.Building, ReleasePhase.Pushing, revision, deadline, cancellationToken);

    /// <summary>
    /// Asks for the stack's activation slot for a Pending or Pushing release whose image is known. The highest waiting version takes
    /// it; a version below the active one ends Superseded. A release that waits keeps its image and has no deadline.
    /// </summary>
    /// <exception cref="ArgumentException">The image is pinned and has no digest.</exception>
    public Task<SlotOutcome> TakeSlotAsync(Guid uid, ResolvedImage image, CancellationToken cancellationToken) =>
        _slot.TakeAsync(uid, image, cancellationToken);

    /// <summary>
    /// Starts the clock of a rollout once its workload has been applied. Only the first call sets the deadline, and only while the
    /// release is Activating under that very sequence number.
    /// </summary>
    public Task<MoveOutcome> BeginRolloutAsync(Guid uid, long sequence, TimeSpan deadline, CancellationToken cancellationToken) =>
        _moves.BeginRolloutAsync(uid, sequence, deadline, cancellationToken);

    /// <summary>
    /// Makes the Activating release Active and the former one Superseded by it, or RolledBack if it is a rollback. A reader sees the one or the other, never both and
    /// never neither.
    /// </summary>
    /// <param name="uid">The release.</param>
    /// <param name="imageReference">What runs, with its digest where that is known.</param>
    /// <param name="digest">The digest that runs; null leaves what is known.</param>
    /// <param name="reason">Why it is Active, for example <c>ScaledToZero</c>.</param>
    /// <param name="message">The same for people.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task<MoveOutcome> ActivateAsync(
        Guid uid, string imageReference, string? digest, string reason, string message, CancellationToken cancellationToken) =>
        _moves.ActivateAsync(uid, imageReference, digest, reason, message, cancellationToken);

    /// <summary>Ends a release as Failed if it is still in the phase in which the failure was seen; Cancelled beats a later failure.</summary>
    /// <exception cref="ArgumentException">There is no reason, or the phase is not one before Active.</exception>
    public Task<MoveOutcome> FailAsync(
        Guid uid, ReleasePhase expected, string reason, string message, string? logTail, CancellationToken cancellationToken) =>
        _moves.FailAsync(uid, expected, reason, message, logTail, cancellationToken);

    /// <summary>Ends a release as Cancelled from any phase before Active. One that is Active or has ended stays as it is.</summary>
    public Task<MoveOutcome> CancelAsync(Guid uid, string reason, string message, CancellationToken cancellationToken) =>
        _moves.CancelAsync(uid, reason, message, cancellationToken);

    /// <summary>The newest version of a lineage, the releases of former stacks of the name included; null if there is none yet.</summary>
    public Task<ReleaseVersion?> FindNewestVersionAsync(string @namespace, string stackName, CancellationToken cancellationToken) =>
        ReleaseQueries.FindNewestVersionAsync(dataSource, @namespace, stackName, cancellationToken);

    /// <summary>A stack with its releases in flight and its <paramref name="newest"/> newest ones, all of one moment; null if it is unknown.</summary>
    public Task<StackState?> ReadStackAsync(Guid stackUid, int newest, CancellationToken cancellationToken) =>
        StackReading.ReadAsync(dataSource, stackUid, newest, cancellationToken);

    /// <summary>
    /// Decides what a generation of a stack's object asks for by its own source: each change of source or template makes one
    /// Deployment. The answer is the decision that stands, which may be an older or a newer one; null if the stack is not live or never
    /// had a source. Costs one plain read when the generation was looked at before.
    /// </summary>
    public Task<StackSourceRow?> DecideSourceAsync(Guid stackUid, SourceAsk ask, CancellationToken cancellationToken) =>
        _sources.DecideAsync(stackUid, ask, cancellationToken);

    /// <summary>Notes that the Deployment of a decision exists: it is not created again.</summary>
    public Task MarkSourceMadeAsync(Guid stackUid, string deployment, CancellationToken cancellationToken) =>
        _sources.MarkMadeAsync(stackUid, deployment, cancellationToken);

    /// <summary>
    /// Begins a stack's teardown: nothing is admitted any more, and what is in flight ends Cancelled (<c>StackDeleting</c>). Null if
    /// the stack is unknown.
    /// </summary>
    public Task<StackRow?> BeginTeardownAsync(Guid stackUid, CancellationToken cancellationToken) =>
        _stacks.BeginTeardownAsync(stackUid, cancellationToken);

    /// <summary>Ends it: the stack is Deleted and its active release Superseded (<c>StackDeleted</c>). Begins it too where that was missed.</summary>
    public Task FinishTeardownAsync(Guid stackUid, CancellationToken cancellationToken) =>
        _stacks.FinishTeardownAsync(stackUid, cancellationToken);

    /// <summary>
    /// Moves releases that ended before that moment to the archive, where they are found by whoever asks for one of them: by object, by
    /// what it asks for, and by version. Never what is not terminal, never a stack's hundred newest rows, never the newest version of a
    /// name. Can be cut off at any point, and goes on where it was.
    /// </summary>
    /// <returns>How many were moved.</returns>
    public Task<int> ArchiveAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken) =>
        _archive.ArchiveAsync(endedBefore, cancellationToken);

    /// <summary>
    /// Tells a ledger that was restored from an older backup what the cluster knows of the releases of one name: inserts those that are
    /// missing, with their versions and moves, and makes the moves that others lack. Steps from then on are higher than any that the
    /// workload was written from. What the ledger knows already stays as it is; can be repeated.
    /// </summary>
    /// <param name="evidence">The lineage. Its stack, if it exists, has been registered.</param>
    /// <param name="dryRun">Only tell what would be repaired.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is written, unless the commit was already under way.</param>
    /// <exception cref="PostgresException">
    /// With <see cref="LedgerFaults.IsRefusal"/> when what the cluster says contradicts itself, or the ledger; nothing of this lineage
    /// was written.
    /// </exception>
    public Task<IReadOnlyList<RepairedRelease>> RepairAsync(LineageEvidence evidence, bool dryRun, CancellationToken cancellationToken) =>
        _repairs.RepairAsync(evidence, dryRun, cancellationToken);

    /// <summary>Every stack of a cluster that is not Deleted, oldest first: for a sweeper that looks for objects that are gone.</summary>
    public Task<IReadOnlyList<StackRow>> ListStacksAsync(Guid cluster, CancellationToken cancellationToken) =>
        StackQueries.ListAsync(dataSource, cluster, cancellationToken);

    /// <summary>Every release before Active, of all stacks, oldest first: for a sweeper that looks for objects that are gone.</summary>
    public Task<IReadOnlyList<ReleaseRow>> ListInFlightAsync(CancellationToken cancellationToken) =>
        ReleaseQueries.ListInFlightAsync(dataSource, cancellationToken);

    /// <summary>The moves that the database accepts, for comparison with the operator's own table.</summary>
    public Task<IReadOnlySet<(ReleasePhase From, ReleasePhase To)>> ReadLegalTransitionsAsync(CancellationToken cancellationToken) =>
        ReleaseQueries.ReadLegalTransitionsAsync(dataSource, cancellationToken);

    /// <summary>Returns if the database answers.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT 1");
        await command.ExecuteScalarAsync(cancellationToken);
    }
}
