using Npgsql;

namespace Slipway.Ledger.Env;

/// <summary>
/// The variables of stacks. Each change of them is one transaction under the lock of the stack's row, and a revision.
/// <para><b>Guarantees.</b> As for <see cref="ReleaseLedger"/>: killed at any point, a call has happened or it has not; each can be
/// repeated by anybody, and a patch is merged once, however often it is asked for. Values are stored encrypted, and are in no message.</para>
/// <para><b>Errors.</b> What the database reports passes through; <see cref="LedgerFaults.IsUnavailable"/> tells what passes, a row that
/// somebody keeps locked for longer than 3 s included. Whatever needs a key that is not there throws
/// <see cref="EnvKeyUnavailableException"/>.</para>
/// </summary>
public sealed class EnvLedger
{
    private const string AnyEncrypted =
        "SELECT EXISTS (SELECT FROM slipway.env_identity) OR EXISTS (SELECT FROM slipway.env_revisions)";

    private readonly NpgsqlDataSource _dataSource;
    private readonly EnvRevisions _revisions;
    private readonly EnvMerge _merge;
    private readonly EnvBaselines _baselines;
    private readonly EnvProjections _projections;
    private readonly EnvReencryption _reencryption;
    private readonly EnvRepairs _repairs;

    /// <param name="dataSource">The database.</param>
    /// <param name="time">The clock of what is recorded.</param>
    /// <param name="keys">The keys of now; throws <see cref="EnvKeyUnavailableException"/> when there are none.</param>
    public EnvLedger(NpgsqlDataSource dataSource, TimeProvider time, Func<EnvKeyRing> keys)
    {
        var cipher = new EnvCipher(keys);
        _dataSource = dataSource;
        _revisions = new EnvRevisions(cipher);
        var identities = new EnvIdentities(dataSource, cipher);
        _merge = new EnvMerge(dataSource, time, _revisions, identities);
        _repairs = new EnvRepairs(dataSource, time, _revisions, identities);
        _baselines = new EnvBaselines(dataSource, time, _revisions);
        _projections = new EnvProjections(dataSource);
        _reencryption = new EnvReencryption(dataSource, cipher);
    }

    /// <summary>Whether anything in the ledger was encrypted, with whatever key. Needs none.</summary>
    public static async Task<bool> HasEncryptedAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        (await dataSource.CreateCommand(AnyEncrypted).ListAsync(reader => reader.GetBoolean(0), cancellationToken)).Single();

    /// <summary>
    /// Merges a patch, or says what became of it before: by its UID, else by an object of the same name that asked for the same of the
    /// same stack. A patch that is refused is recorded as such, and changes nothing.
    /// </summary>
    public Task<EnvOutcome> ApplyAsync(EnvPatchRequest request, CancellationToken cancellationToken) => _merge.ApplyAsync(request, cancellationToken);

    /// <summary>
    /// What became of a patch before, as <see cref="ApplyAsync"/> would answer, or null when it would merge it. The change itself plays no
    /// part. Needs no key when the very object is known.
    /// </summary>
    public Task<EnvPatchRow?> FindPatchAsync(EnvPatchRequest request, CancellationToken cancellationToken) => _merge.FindAsync(request, cancellationToken);

    /// <summary>
    /// Notes that the object, or its stack, was deleted before it was merged, so that nobody merges it later. What was decided before
    /// stands; an object that is made anew is a new patch. Needs no key.
    /// </summary>
    public Task RejectAsync(EnvPatchRequest request, EnvProblem problem, CancellationToken cancellationToken) =>
        _merge.RejectAsync(request, problem, cancellationToken);

    /// <summary>Notes that the Deployment of a patch exists: it is not created again.</summary>
    public Task MarkReleaseMadeAsync(Guid uid, CancellationToken cancellationToken) =>
        _dataSource.CreateCommand(EnvPatches.MarkMade).With(uid).RunAsync(cancellationToken);

    /// <summary>
    /// Makes <c>spec.env</c> of a Stack's generation the baseline. What cannot be taken changes nothing, and is looked at again at the next
    /// call: a patch may have made room. Costs one plain read, and needs no key, when the generation was looked at before.
    /// </summary>
    /// <param name="stackUid">The stack.</param>
    /// <param name="generation">The generation of the object that says so.</param>
    /// <param name="baseline">Its variables.</param>
    /// <param name="seen">The highest revision that any object in the cluster shows.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task<BaselineOutcome> FollowBaselineAsync(
        Guid stackUid, long generation, IReadOnlyDictionary<string, string> baseline, long? seen, CancellationToken cancellationToken) =>
        _baselines.FollowAsync(stackUid, generation, baseline, seen, cancellationToken);

    /// <summary>A revision without its values; null if there is none of that number. Needs no key.</summary>
    public Task<EnvRevision?> FindRevisionAsync(StackRow stack, long number, CancellationToken cancellationToken) =>
        _dataSource.CreateCommand(EnvRevisions.NamesByNumber).With(stack.Id).With(number).FirstAsync(EnvRevisions.ReadNames, cancellationToken);

    /// <summary>The variables of a revision, with their values.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadValuesAsync(StackRow stack, long number, CancellationToken cancellationToken) =>
        (await _revisions.ReadAsync(_dataSource, stack, number, cancellationToken)).Effective();

    /// <summary>Notes that a Secret of the revision is about to be made.</summary>
    public Task BeginProjectionAsync(StackRow stack, long number, CancellationToken cancellationToken) =>
        _projections.BeginAsync(stack, number, cancellationToken);

    /// <summary>Notes that the Secret of the revision is gone.</summary>
    public Task EndProjectionAsync(StackRow stack, long number, CancellationToken cancellationToken) =>
        _projections.EndAsync(stack, number, cancellationToken);

    /// <summary>Revisions that may have a Secret, and that neither the active release nor one in flight refers to.</summary>
    public Task<IReadOnlyList<EnvRevision>> ListObsoleteAsync(StackRow stack, CancellationToken cancellationToken) =>
        _projections.ListObsoleteAsync(stack, cancellationToken);

    /// <summary>
    /// Tells a ledger that was restored from an older backup what the cluster knows of a stack's variables: no number is handed out twice, and
    /// no patch is merged twice. What the ledger knows stays as it is; can be repeated.
    /// </summary>
    /// <returns>How many revisions were made again, or would be.</returns>
    public Task<int> RepairAsync(EnvEvidence evidence, bool dryRun, CancellationToken cancellationToken) =>
        _repairs.RepairAsync(evidence, dryRun, cancellationToken);

    /// <summary>Encrypts with the first key what older ones encrypted. Can be cut off anywhere, and goes on where it was.</summary>
    /// <returns>How many were encrypted anew: revisions, and the key by which patches that say the same are known.</returns>
    public Task<int> ReencryptAsync(CancellationToken cancellationToken) => _reencryption.RunAsync(cancellationToken);
}
