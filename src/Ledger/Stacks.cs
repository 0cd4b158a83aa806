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
        INSERT INTO slipway.stacks (uid, namespace, name, generation, concurrency, created_at)
        VALUES ($1, $2, $3, $4, $5::slipway.concurrency_policy, $6)
        """;

    private const string Renew = "UPDATE slipway.stacks SET generation = $2, concurrency = $3::slipway.concurrency_policy WHERE id = $1";

    private const string MarkDeleting =
        "UPDATE slipway.stacks SET lifecycle = 'deleting', sequence = nextval('slipway.steps') WHERE id = $1";

    private const string MarkDeleted =
        "UPDATE slipway.stacks SET lifecycle = 'deleted', deleted_at = $2, sequence = nextval('slipway.steps') WHERE id = $1";

    public async Task<StackRow> RegisterAsync(StackRegistration registration, CancellationToken cancellationToken)
    {
        var known = await StackQueries.FindAsync(dataSource, registration.Uid, cancellationToken);
        if (known is not null && IsUpToDate(known, registration))
        {
            return known;
        }

        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        await transaction.Command(LockName).With(registration.Namespace).With(registration.Name).RunAsync(cancellationToken);
        var namesakes = await transaction.Command(LockNamesakes)
            .With(registration.Uid).With(registration.Namespace).With(registration.Name)
            .ListAsync(StackQueries.Read, cancellationToken);
        await WriteAsync(transaction, registration, namesakes, cancellationToken);
        var row = await GetAsync(transaction, registration.Uid, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row;
    }

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
        LedgerTransaction transaction, StackRegistration registration, List<StackRow> namesakes, CancellationToken cancellationToken)
    {
        var own = namesakes.Find(stack => stack.Uid == registration.Uid);
        if (own is not null)
        {
            await RenewAsync(transaction, own, registration, cancellationToken);
            return;
        }

        foreach (var former in namesakes)
        {
            await RetireAsync(transaction, former, cancellationToken);
        }

        await transaction.Command(Insert)
            .With(registration.Uid).With(registration.Namespace).With(registration.Name).With(registration.Generation)
            .With(registration.Concurrency.ToSql()).With(time.GetUtcNow())
            .RunAsync(cancellationToken);
    }

    private static async Task RenewAsync(
        LedgerTransaction transaction, StackRow own, StackRegistration registration, CancellationToken cancellationToken)
    {
        if (!IsUpToDate(own, registration))
        {
            await transaction.Command(Renew)
                .With(own.Id).With(registration.Generation).With(registration.Concurrency.ToSql()).RunAsync(cancellationToken);
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
        known.Lifecycle != StackLifecycle.Live || known.Generation >= registration.Generation;
}
