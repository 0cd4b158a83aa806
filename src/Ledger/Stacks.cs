using Npgsql;

namespace Slipway.Ledger;

/// <summary>How stacks come and go.</summary>
internal sealed class Stacks(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Registrations of one name come one after the other; a name that is not there yet has no row to lock.</summary>
    private const string LockName = "SELECT pg_advisory_xact_lock(hashtextextended('slipway.stacks ' || $1 || '/' || $2, 0))";

    public const string LockNamesakes = StackQueries.Select + """
        WHERE uid = $1 OR (namespace = $2 AND name = $3 AND lifecycle <> 'deleted') ORDER BY id FOR UPDATE
        """;

    private const string Insert = """
        INSERT INTO slipway.stacks (uid, namespace, name, generation, concurrency, cluster, created_at, sequence, lifecycle, deleted_at)
        VALUES ($1, $2, $3, $4, $5::slipway.concurrency_policy, $6, $7, $8,
                CASE WHEN $9 THEN 'deleted'::slipway.stack_lifecycle ELSE 'live' END, CASE WHEN $9 THEN $7 END)
        """;

    private const string Renew = """
        UPDATE slipway.stacks
        SET generation = $2, concurrency = $3::slipway.concurrency_policy, cluster = coalesce($4, cluster)
        WHERE id = $1
        """;

    private const string MarkDeleting =
        "UPDATE slipway.stacks SET lifecycle = 'deleting', sequence = nextval('slipway.steps') WHERE id = $1";

    private const string MarkDeleted =
        "UPDATE slipway.stacks SET lifecycle = 'deleted', deleted_at = $2, sequence = nextval('slipway.steps') WHERE id = $1";

    public async Task<StackRow> RegisterAsync(
        StackRegistration registration, Func<CancellationToken, Task<bool>> exists, CancellationToken cancellationToken)
    {
        var known = await StackQueries.FindAsync(dataSource, registration.Uid, cancellationToken);
        if (known is not null && IsUpToDate(known, registration))
        {
            return known;
        }

        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        await LockNameAsync(transaction, registration.Namespace, registration.Name, cancellationToken);
        var namesakes = await transaction.Command(LockNamesakes)
            .With(registration.Uid).With(registration.Namespace).With(registration.Name)
            .ListAsync(StackQueries.Read, cancellationToken);
        await WriteAsync(transaction, registration, exists, namesakes, cancellationToken);
        var row = await GetAsync(transaction, registration.Uid, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row;
    }

    /// <summary>Keeps every other registration of the name waiting until the transaction ends.</summary>
    public static Task LockNameAsync(LedgerTransaction transaction, string @namespace, string name, CancellationToken cancellationToken) =>
        transaction.Command(LockName).With(@namespace).With(name).RunAsync(cancellationToken);

    public async Task<StackRow?> BeginTeardownAsync(Guid stackUid, CancellationToken cancellationToken)
    {
        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        var stack = await StackQueries.LockAsync(transaction, stackUid, StackLock.Exclusive, cancellationToken);
        if (stack is not { Lifecycle: StackLifecycle.Live })
        {
            return stack;
        }

        await transaction.EndInFlightAsync(stack, Ending.StackDeleting, time.GetUtcNow(), cancellationToken);
        await transaction.Command(MarkDeleting).With(stack.Id).RunAsync(cancellationToken);
        var row = await GetAsync(transaction, stackUid, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row;
    }

    public async Task FinishTeardownAsync(Guid stackUid, CancellationToken cancellationToken)
    {
        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        var stack = await StackQueries.LockAsync(transaction, stackUid, StackLock.Exclusive, cancellationToken);
        if (stack is null or { Lifecycle: StackLifecycle.Deleted })
        {
            return;
        }

        await RetireAsync(transaction, stack, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task WriteAsync(
        LedgerTransaction transaction,
        StackRegistration registration,
        Func<CancellationToken, Task<bool>> exists,
        List<StackRow> namesakes,
        CancellationToken cancellationToken)
    {
        if (namesakes.Find(stack => stack.Uid == registration.Uid) is { } own)
        {
            await RenewAsync(transaction, own, registration, cancellationToken);
            return;
        }

        if (namesakes.SingleOrDefault() is not { } former)
        {
            await InsertAsync(transaction, registration, sequence: 0, gone: false, cancellationToken);
            return;
        }

        // Asked while the name is locked: nobody registers it between this look and what is written.
        if (!await exists(cancellationToken))
        {
            await InsertAsync(transaction, registration, sequence: 0, gone: true, cancellationToken);
            return;
        }

        await ReplaceAsync(transaction, former, registration, cancellationToken);
    }

    private async Task ReplaceAsync(
        LedgerTransaction transaction, StackRow former, StackRegistration registration, CancellationToken cancellationToken)
    {
        if (former.Lifecycle != StackLifecycle.Live)
        {
            await RetireAsync(transaction, former, cancellationToken);
            await InsertAsync(transaction, registration, sequence: 0, gone: false, cancellationToken);
            return;
        }

        await StackTakeover.LeaveAsync(transaction, former, time.GetUtcNow(), cancellationToken);
        await InsertAsync(transaction, registration, former.Sequence, gone: false, cancellationToken);
        await StackTakeover.MoveReleasesAsync(transaction, former, registration.Uid, cancellationToken);
    }

    private Task InsertAsync(
        LedgerTransaction transaction, StackRegistration registration, long sequence, bool gone, CancellationToken cancellationToken) =>
        transaction.Command(Insert)
            .With(registration.Uid).With(registration.Namespace).With(registration.Name).With(registration.Generation)
            .With(registration.Concurrency.ToSql()).With(registration.Cluster).With(time.GetUtcNow()).With(sequence).With(gone)
            .RunAsync(cancellationToken);

    private static async Task RenewAsync(
        LedgerTransaction transaction, StackRow own, StackRegistration registration, CancellationToken cancellationToken)
    {
        if (!IsUpToDate(own, registration))
        {
            // An older generation that knows the cluster changes nothing else.
            var policy = own.Generation > registration.Generation ? own.Concurrency : registration.Concurrency;
            await transaction.Command(Renew)
                .With(own.Id).With(Math.Max(own.Generation, registration.Generation)).With(policy.ToSql()).With(registration.Cluster)
                .RunAsync(cancellationToken);
        }
    }

    private async Task RetireAsync(LedgerTransaction transaction, StackRow stack, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await transaction.EndInFlightAsync(stack, Ending.StackDeleting, now, cancellationToken);
        if (await ReleaseQueries.FindActiveAsync(transaction, stack.Id, cancellationToken) is { } active)
        {
            await transaction.EndAsync(active, Ending.StackDeleted, now, cancellationToken);
        }

        await transaction.Command(MarkDeleted).With(stack.Id).With(now).RunAsync(cancellationToken);
    }

    private static async Task<StackRow> GetAsync(LedgerTransaction transaction, Guid uid, CancellationToken cancellationToken) =>
        await transaction.Command(StackQueries.ByUid).With(uid).FirstAsync(StackQueries.Read, cancellationToken)
        ?? throw new InvalidOperationException($"The stack {uid} vanished while its row was locked.");

    private static bool IsUpToDate(StackRow known, StackRegistration registration) =>
        known.Lifecycle != StackLifecycle.Live
        || (known.Generation >= registration.Generation && (registration.Cluster is null || known.Cluster == registration.Cluster));
}
