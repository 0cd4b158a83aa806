using Npgsql;

namespace Slipway.Ledger;

/// <summary>Rows of releases that end before they were admitted.</summary>
internal sealed class Refusals(NpgsqlDataSource dataSource, TimeProvider time)
{
    private const string Insert = """
        INSERT INTO slipway.releases
            (uid, namespace, name, stack_id, stack_uid, stack_name, spec_hash, rerun_token, phase, reason, message, requested_by,
             created_at, changed_at, finished_at, source, rollback_day, rollback_number, asked_at, superseded_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::slipway.phase, $10, $11, $12, $13, $13, $13,
                $14::slipway.release_source, $15, $16, $17, $18)
        """;

    public async Task<ReleaseRow> RefuseAsync(Refusal refusal, CancellationToken cancellationToken)
    {
        Validate(refusal);
        try
        {
            return await DecideAsync(refusal, cancellationToken);
        }
        catch (PostgresException error) when (error.ConstraintName is SqlStates.UidUnique or SqlStates.IdentityUnique)
        {
            // Somebody else has written a row for this very object in between; it is found now.
            return await DecideAsync(refusal, cancellationToken);
        }
    }

    private async Task<ReleaseRow> DecideAsync(Refusal refusal, CancellationToken cancellationToken)
    {
        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        var stack = refusal.StackUid is { } uid
            ? await StackQueries.LockAsync(transaction, uid, StackLock.Exclusive, cancellationToken)
            : null;
        if (await ReleaseQueries.FindAsync(transaction, refusal.Uid, cancellationToken) is { } known)
        {
            return known;
        }

        var identity = new ReleaseIdentity(refusal.Namespace, refusal.Name, refusal.StackUid, refusal.SpecHash, refusal.RerunToken);
        var twin = await ReleaseQueries.FindTwinAsync(transaction, identity, cancellationToken);
        if (twin is not null && !twin.Phase.IsInFlight())
        {
            return twin;
        }

        var now = time.GetUtcNow();
        await (twin is null
            ? InsertAsync(transaction, refusal, stack, now, cancellationToken)
            : transaction.EndAsync(twin, Ending.ObjectGone, now, cancellationToken));
        var row = await ReleaseQueries.GetAsync(transaction, twin?.Uid ?? refusal.Uid, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row;
    }

    /// <summary>The row itself. The stack's row, if there is one, must be locked.</summary>
    /// <param name="supersededBy">The key of the release that overtook it.</param>
    internal static Task InsertAsync(
        LedgerTransaction transaction, Refusal refusal, StackRow? stack, DateTimeOffset now, CancellationToken cancellationToken, long? supersededBy = null) =>
        transaction.Command(Insert)
            .With(refusal.Uid).With(refusal.Namespace).With(refusal.Name).With(stack?.Id).With(refusal.StackUid).With(refusal.StackName)
            .With(refusal.SpecHash).With(refusal.RerunToken).With(refusal.Phase.ToSql()).With(refusal.Reason).With(refusal.Message)
            .With(refusal.RequestedBy).With(now)
            .With(refusal.Source.ToSql()).With(refusal.RollbackTo?.Day).With(refusal.RollbackTo?.Number).With(refusal.AskedAt).With(supersededBy)
            .RunAsync(cancellationToken);

    private static void Validate(Refusal refusal)
    {
        if (refusal.Phase is not (ReleasePhase.Failed or ReleasePhase.Cancelled or ReleasePhase.Superseded))
        {
            throw new ArgumentException($"A refused release ends as Failed, Cancelled or Superseded, not as {refusal.Phase}.", nameof(refusal));
        }

        if (refusal.Reason.Length == 0)
        {
            throw new ArgumentException("A refusal needs a reason: one PascalCase word.", nameof(refusal));
        }
    }
}
