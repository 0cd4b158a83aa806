using Npgsql;

namespace Slipway.Ledger;

/// <summary>The moves of a release once it is admitted: each a compare-and-set on the phase it expects.</summary>
internal sealed class Moves(NpgsqlDataSource dataSource, TimeProvider time)
{
    public const string BeginRollout = """
        UPDATE slipway.releases SET deadline_at = $3
        WHERE uid = $1 AND sequence = $2 AND phase = 'activating' AND deadline_at IS NULL
        """;

    public const string AwaitBuild = """
        UPDATE slipway.releases SET deadline_at = $2
        WHERE uid = $1 AND phase = 'pending' AND build IS NOT NULL AND deadline_at IS NULL
        """;

    private const string Advance = """
        UPDATE slipway.releases
        SET phase = $3::slipway.phase, reason = '', message = '', revision = coalesce($4, revision), changed_at = $5, deadline_at = $6
        WHERE id = $1 AND phase = $2::slipway.phase
        """;

    private const string Promote = """
        UPDATE slipway.releases
        SET phase = 'active', image_reference = $2, digest = coalesce($3, digest),
            digests = CASE WHEN $3 IS NULL OR $3 = ANY (digests) THEN digests ELSE digests || $3 END,
            reason = $4, message = $5, changed_at = $6, finished_at = $6, deadline_at = NULL
        WHERE id = $1 AND phase = 'activating'
        """;

    public async Task<MoveOutcome> BeginRolloutAsync(Guid uid, long sequence, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var written = await dataSource.CreateCommand(BeginRollout)
            .With(uid).With(sequence).With(time.GetUtcNow() + deadline).RunAsync(cancellationToken);
        var row = await ReleaseQueries.FindAsync(dataSource, uid, cancellationToken) ?? throw new ReleaseNotFoundException(uid);
        return new MoveOutcome(written == 1, row);
    }

    public async Task<MoveOutcome> AwaitBuildAsync(Guid uid, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var written = await dataSource.CreateCommand(AwaitBuild)
            .With(uid).With(time.GetUtcNow() + deadline).RunAsync(cancellationToken);
        var row = await ReleaseQueries.FindAsync(dataSource, uid, cancellationToken) ?? throw new ReleaseNotFoundException(uid);
        return new MoveOutcome(written == 1, row);
    }

    public Task<MoveOutcome> AdvanceAsync(
        Guid uid, ReleasePhase from, ReleasePhase to, string? revision, TimeSpan deadline, CancellationToken cancellationToken) =>
        MoveAsync(uid, (transaction, _, release) => release.Phase == from
            ? AdvanceAsync(transaction, release, to, revision, deadline, cancellationToken)
            : Refused, cancellationToken);

    public Task<MoveOutcome> ActivateAsync(
        Guid uid, string imageReference, string? digest, string reason, string message, CancellationToken cancellationToken) =>
        MoveAsync(uid, (transaction, stack, release) => release.Phase == ReleasePhase.Activating
            ? PromoteAsync(transaction, stack, release, imageReference, digest, reason, message, cancellationToken)
            : Refused, cancellationToken);

    public Task<MoveOutcome> FailAsync(
        Guid uid, ReleasePhase expected, string reason, string message, string? logTail, CancellationToken cancellationToken)
    {
        if (!expected.IsInFlight())
        {
            throw new ArgumentException($"A release that is {expected} cannot fail any more.", nameof(expected));
        }

        ArgumentException.ThrowIfNullOrEmpty(reason);
        var ending = new Ending(ReleasePhase.Failed, reason, message, logTail);
        return MoveAsync(uid, (transaction, stack, release) => release.Phase == expected
            ? FailAsync(transaction, stack, release, ending, cancellationToken)
            : Refused, cancellationToken);
    }

    public Task<MoveOutcome> CancelAsync(Guid uid, string reason, string message, CancellationToken cancellationToken)
    {
        var ending = new Ending(ReleasePhase.Cancelled, reason, message);
        return MoveAsync(uid, (transaction, _, release) => release.Phase.IsInFlight()
            ? transaction.EndAsync(release, ending, time.GetUtcNow(), cancellationToken)
            : Refused, cancellationToken);
    }

    private static Task<bool> Refused => Task.FromResult(false);

    private async Task<MoveOutcome> MoveAsync(
        Guid uid, Func<LedgerTransaction, StackRow, ReleaseRow, Task<bool>> move, CancellationToken cancellationToken)
    {
        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        var (stack, release) = await StackQueries.LockWithReleaseAsync(transaction, uid, cancellationToken);
        if (stack is null || !await move(transaction, stack, release))
        {
            return new MoveOutcome(false, release);
        }

        var row = await ReleaseQueries.GetAsync(transaction, uid, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new MoveOutcome(true, row);
    }

    private async Task<bool> AdvanceAsync(
        LedgerTransaction transaction, ReleaseRow release, ReleasePhase to, string? revision, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await transaction.Command(Advance)
            .With(release.Id).With(release.Phase.ToSql()).With(to.ToSql()).With(revision).With(now).With(now + deadline)
            .RunAsync(cancellationToken) == 1;
    }

    /// <summary>Whoever fails while it is being activated gives the workload back: say to whom.</summary>
    private async Task<bool> FailAsync(
        LedgerTransaction transaction, StackRow stack, ReleaseRow release, Ending ending, CancellationToken cancellationToken)
    {
        if (release.Phase == ReleasePhase.Activating)
        {
            var active = await ReleaseQueries.FindActiveAsync(transaction, stack.Id, cancellationToken);
            var follows = active is null
                ? "No release was active before, so nothing runs"
                : $"{active.Name} (version {active.Version}), which was active, is put back";
            ending = ending with { Message = ending.Message.Length == 0 ? follows : $"{ending.Message.TrimEnd('.')}; {follows}" };
        }

        return await transaction.EndAsync(release, ending, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Demote before promote: there is room for one Active only.</summary>
    private async Task<bool> PromoteAsync(
        LedgerTransaction transaction,
        StackRow stack,
        ReleaseRow release,
        string imageReference,
        string? digest,
        string reason,
        string message,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await ReleaseQueries.FindActiveAsync(transaction, stack.Id, cancellationToken) is { } former)
        {
            var ending = release.Source == ReleaseSourceKind.Rollback
                ? new Ending(
                    ReleasePhase.RolledBack, "RolledBack", $"Version {release.Version} restored version {release.RollbackOf}.", SupersededBy: release.Id)
                : new Ending(
                    ReleasePhase.Superseded, "NewerVersionActive", $"Version {release.Version} took its place.", SupersededBy: release.Id);
            await transaction.EndAsync(former, ending, now, cancellationToken);
        }

        await StackSources.LandAsync(transaction, stack, release, cancellationToken);
        return await transaction.Command(Promote)
            .With(release.Id).With(imageReference).With(digest).With(reason).With(message).With(now)
            .RunAsync(cancellationToken) == 1;
    }
}
