using Npgsql;

namespace Slipway.Ledger;

/// <summary>How much of a stack a transaction keeps to itself. A shared lock is never upgraded: two upgraders wait for each other.</summary>
internal enum StackLock
{
    /// <summary>Policy and lifecycle stand still, yet others may hold the same.</summary>
    Shared,

    /// <summary>Nothing of the stack's releases changes but by the holder.</summary>
    Exclusive,
}

/// <summary>Finding and locking stacks.</summary>
internal static class StackQueries
{
    public const string Select = """
        SELECT id, uid, namespace, name, lifecycle::text, concurrency::text, generation, sequence, cluster,
               env_revision, env_baseline_revision, env_generation
        FROM slipway.stacks

        """;

    public const string ByUid = Select + "WHERE uid = $1";

    private const string LockShared = ByUid + " FOR SHARE";

    private const string LockExclusive = ByUid + " FOR UPDATE";

    public const string LockOfRelease =
        Select + "WHERE id = (SELECT stack_id FROM slipway.releases WHERE uid = $1) FOR UPDATE";

    public const string OfCluster = Select + "WHERE cluster = $1 AND lifecycle <> 'deleted' ORDER BY id";

    private const string LockById = Select + "WHERE id = $1 FOR UPDATE";

    public static Task<StackRow?> FindAsync(NpgsqlDataSource dataSource, Guid uid, CancellationToken cancellationToken) =>
        dataSource.CreateCommand(ByUid).With(uid).FirstAsync(Read, cancellationToken);

    public static Task<StackRow?> LockAsync(
        LedgerTransaction transaction, Guid uid, StackLock mode, CancellationToken cancellationToken) =>
        transaction.Command(mode switch { StackLock.Shared => LockShared, StackLock.Exclusive => LockExclusive })
            .With(uid).FirstAsync(Read, cancellationToken);

    /// <summary>Locks the stack of a release; null if the release has none, or is unknown.</summary>
    public static Task<StackRow?> LockOfReleaseAsync(LedgerTransaction transaction, Guid releaseUid, CancellationToken cancellationToken) =>
        transaction.Command(LockOfRelease).With(releaseUid).FirstAsync(Read, cancellationToken);

    /// <summary>Locks the stack of a release, and reads the release under that lock. No stack if the release has none.</summary>
    /// <exception cref="ReleaseNotFoundException">There is no such release.</exception>
    public static async Task<(StackRow? Stack, ReleaseRow Release)> LockWithReleaseAsync(
        LedgerTransaction transaction, Guid releaseUid, CancellationToken cancellationToken)
    {
        var stack = await LockOfReleaseAsync(transaction, releaseUid, cancellationToken);
        var release = await ReleaseQueries.GetAsync(transaction, releaseUid, cancellationToken);
        while (stack is not null && release.StackId is { } current && current != stack.Id)
        {
            // While its stack's row was waited for, a restored stack took the release over.
            stack = await LockByIdAsync(transaction, current, cancellationToken);
            release = await ReleaseQueries.GetAsync(transaction, releaseUid, cancellationToken);
        }

        return (stack, release);
    }

    public static Task<StackRow?> LockByIdAsync(LedgerTransaction transaction, long id, CancellationToken cancellationToken) =>
        transaction.Command(LockById).With(id).FirstAsync(Read, cancellationToken);

    public static async Task<IReadOnlyList<StackRow>> ListAsync(
        NpgsqlDataSource dataSource, Guid cluster, CancellationToken cancellationToken) =>
        await dataSource.CreateCommand(OfCluster).With(cluster).ListAsync(Read, cancellationToken);

    public static StackRow Read(NpgsqlDataReader reader) => new(
        Id: reader.GetInt64(0),
        Uid: reader.GetGuid(1),
        Namespace: reader.GetString(2),
        Name: reader.GetString(3),
        Lifecycle: StackLifecycles.FromSql(reader.GetString(4)),
        Concurrency: ConcurrencyPolicies.FromSql(reader.GetString(5)),
        Generation: reader.GetInt64(6),
        Sequence: reader.GetInt64(7),
        Cluster: reader.Maybe<Guid>(8),
        EnvRevision: reader.Maybe<long>(9),
        EnvBaselineRevision: reader.Maybe<long>(10),
        EnvGeneration: reader.Maybe<long>(11));
}
