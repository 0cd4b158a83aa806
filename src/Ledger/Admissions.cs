using Npgsql;
using Slipway.Retry;

namespace Slipway.Ledger;

/// <summary>Who is admitted, and with which version: decided under the lock of the stack's row.</summary>
internal sealed class Admissions(NpgsqlDataSource dataSource, TimeProvider time, ConflictRetry retry)
{
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
        var mode = attempt == 1 && race.Hint.Concurrency == ConcurrencyPolicy.Parallel && !race.Request.TakesImageOfRelease
            ? StackLock.Shared
            : StackLock.Exclusive;
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

        var decision = new AdmissionDecision(transaction, race, stack, time);
        var outcome = await decision.MakeAsync(cancellationToken);
        if (decision.HasWritten)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return outcome;
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

    private async Task<ReleaseRow?> FindKnownAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        await ReleaseQueries.FindAsync(dataSource, request.Uid, cancellationToken)
        ?? await ReleaseQueries.FindFinishedTwinAsync(
            dataSource, request.Namespace, request.Name, request.StackUid, request.SpecHash, request.RerunToken, cancellationToken);
}
