using Npgsql;
using Slipway.Retry;

namespace Slipway.Ledger;

/// <summary>Who is admitted, and with which version: decided under the lock of the stack's row.</summary>
internal sealed class Admissions(NpgsqlDataSource dataSource, TimeProvider time, ConflictRetry retry)
{
    private const string Insert = """
        INSERT INTO slipway.releases
            (uid, namespace, name, stack_id, stack_uid, stack_name, spec_hash, rerun_token, phase, version_day, version_number,
             image, image_reference, exclusive, template, requested_by, attempts, collisions,
             created_at, changed_at, started_at, deadline_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9, $10, $11, $12, $13, $14::json, $15, $16, $17, $18, $18, $18, $19)
        """;

    public async Task<AdmissionOutcome> AdmitAsync(
        AdmissionRequest request, Func<ReleaseVersion, string> imageReference, CancellationToken cancellationToken)
    {
        var hint = await StackQueries.FindAsync(dataSource, request.StackUid, cancellationToken);
        if (hint is null)
        {
            return await FindKnownAsync(request, cancellationToken) is { } known
                ? AdmissionOutcome.AlreadyKnown(known)
                : AdmissionOutcome.StackUnknown;
        }

        var race = new AdmissionRace(request, imageReference, hint);
        return await retry.ExecuteAsync(
            race.Operation, (attempt, cancellationToken) => AttemptAsync(race, attempt, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// The first attempt under Parallel shares the stack with other first attempts: this is where versions collide. Everything else
    /// has it alone.
    /// </summary>
    private async Task<AdmissionOutcome> AttemptAsync(AdmissionRace race, int attempt, CancellationToken cancellationToken)
    {
        race.Attempts = attempt;
        var mode = attempt == 1 && race.Hint.Concurrency == ConcurrencyPolicy.Parallel ? StackLock.Shared : StackLock.Exclusive;
        try
        {
            return await DecideAsync(race, mode, cancellationToken)
                ?? await DecideAsync(race, StackLock.Exclusive, cancellationToken)
                ?? throw new InvalidOperationException("An admission that holds the stack's row alone always comes to a decision.");
        }
        catch (PostgresException error) when (error.ConstraintName is SqlStates.UidUnique or SqlStates.IdentityUnique)
        {
            // Somebody else has admitted this very object in between; what he wrote is found now.
            return await DecideAsync(race, StackLock.Exclusive, cancellationToken) ?? throw new InvalidOperationException(error.Message, error);
        }
    }

    /// <summary>One transaction. Null if its shared lock is not enough for what it found.</summary>
    private async Task<AdmissionOutcome?> DecideAsync(AdmissionRace race, StackLock mode, CancellationToken cancellationToken)
    {
        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        var stack = await StackQueries.LockAsync(transaction, race.Request.StackUid, mode, cancellationToken);
        if (stack is null)
        {
            return AdmissionOutcome.StackUnknown;
        }

        if (mode == StackLock.Shared && stack.Concurrency != ConcurrencyPolicy.Parallel)
        {
            return null;
        }

        if (await ReleaseQueries.FindAsync(transaction, race.Request.Uid, cancellationToken) is { } known)
        {
            return AdmissionOutcome.AlreadyKnown(known);
        }

        if (await ReleaseQueries.FindTwinAsync(transaction, race.Identity, cancellationToken) is { } twin)
        {
            return await TakeOverAsync(transaction, twin, mode, cancellationToken);
        }

        if (stack.Lifecycle != StackLifecycle.Live)
        {
            return AdmissionOutcome.StackDeleting;
        }

        var exclusive = IsExclusive(stack.Concurrency);
        return await ReleaseQueries.FindAdmissionHolderAsync(transaction, stack.Id, exclusive, cancellationToken) is { } holder
            ? AdmissionOutcome.Waiting(holder)
            : await InsertAsync(transaction, race, stack, exclusive, cancellationToken);
    }

    private async Task<AdmissionOutcome?> TakeOverAsync(
        LedgerTransaction transaction, ReleaseRow twin, StackLock mode, CancellationToken cancellationToken)
    {
        if (!twin.Phase.IsInFlight())
        {
            return AdmissionOutcome.AlreadyKnown(twin);
        }

        if (mode == StackLock.Shared)
        {
            return null;
        }

        await transaction.EndAsync(twin, Ending.ObjectGone, time.GetUtcNow(), cancellationToken);
        var ended = await ReleaseQueries.GetAsync(transaction, twin.Uid, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return AdmissionOutcome.AlreadyKnown(ended);
    }

    private async Task<AdmissionOutcome> InsertAsync(
        LedgerTransaction transaction, AdmissionRace race, StackRow stack, bool exclusive, CancellationToken cancellationToken)
    {
        var newest = await ReleaseQueries.FindNewestVersionAsync(transaction, stack.Namespace, stack.Name, cancellationToken);
        var now = time.GetUtcNow();
        var version = ReleaseVersion.Next(newest, DateOnly.FromDateTime(now.UtcDateTime));
        race.LastAttempted = version;
        var request = race.Request;
        var image = race.ImageReference(version);
        try
        {
            await transaction.Command(Insert)
                .With(request.Uid).With(request.Namespace).With(request.Name).With(stack.Id).With(stack.Uid).With(stack.Name)
                .With(request.SpecHash).With(request.RerunToken).With(version.Day).With(version.Number)
                .With(request.Image).With(image).With(exclusive).With(request.Template)
                .With(request.RequestedBy).With(race.Attempts).With(race.Collisions).With(now).With(now + request.ResolveDeadline)
                .RunAsync(cancellationToken);
        }
        catch (PostgresException error) when (error.ConstraintName == SqlStates.VersionUnique)
        {
            race.Collisions++;
            LedgerMetrics.VersionCollisions.Add(1);
            throw;
        }

        var release = await ReleaseQueries.GetAsync(transaction, request.Uid, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return AdmissionOutcome.Admitted(release);
    }

    private async Task<ReleaseRow?> FindKnownAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        await ReleaseQueries.FindAsync(dataSource, request.Uid, cancellationToken)
        ?? await ReleaseQueries.FindFinishedTwinAsync(
            dataSource, request.Namespace, request.Name, request.StackUid, request.SpecHash, request.RerunToken, cancellationToken);

    private static bool IsExclusive(ConcurrencyPolicy policy) => policy switch
    {
        ConcurrencyPolicy.Parallel => false,
        ConcurrencyPolicy.Queue or ConcurrencyPolicy.Reject or ConcurrencyPolicy.Supersede => true,
    };
}
