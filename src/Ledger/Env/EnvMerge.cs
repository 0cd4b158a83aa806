using Npgsql;

namespace Slipway.Ledger.Env;

/// <summary>Merges a patch into a stack's variables: read, merge, check and write while the stack's row is locked, in one transaction.</summary>
internal sealed class EnvMerge(NpgsqlDataSource dataSource, TimeProvider time, EnvRevisions revisions, EnvIdentities identities)
{
    public async Task<EnvOutcome> ApplyAsync(EnvPatchRequest request, CancellationToken cancellationToken)
    {
        var identity = await identities.OfAsync(request.Spec, cancellationToken);
        await using var transaction = await BeginAsync(cancellationToken);
        if (await StackQueries.LockAsync(transaction, request.StackUid, StackLock.Exclusive, cancellationToken) is not { } stack)
        {
            return new EnvOutcome(EnvOutcomeKind.StackUnknown);
        }

        if (await FindAsync(transaction, request, identity, cancellationToken) is { } known)
        {
            return new EnvOutcome(EnvOutcomeKind.Decided, known);
        }

        if (request.Seen > (stack.EnvRevision ?? 0))
        {
            return new EnvOutcome(EnvOutcomeKind.LedgerBehind);
        }

        var row = await DecideAsync(transaction, stack, request, cancellationToken);
        await EnvPatches.InsertAsync(transaction, request, stack, identity, row, time.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new EnvOutcome(EnvOutcomeKind.Decided, row);
    }

    /// <summary>What became of the object, or of one that asked for the same; null when nothing has yet.</summary>
    public async Task<EnvPatchRow?> FindAsync(EnvPatchRequest request, CancellationToken cancellationToken)
    {
        if (await dataSource.CreateCommand(EnvPatches.ByUid).With(request.Uid).FirstAsync(EnvPatches.Read, cancellationToken) is { } own)
        {
            return own;
        }

        var identity = await identities.OfAsync(request.Spec, cancellationToken);
        return await EnvPatches.AskForTwin(dataSource.CreateCommand(EnvPatches.Twin), request, identity).FirstAsync(EnvPatches.Read, cancellationToken);
    }

    /// <summary>The object, or its stack, was deleted before it was merged: nobody with an older view merges it later. One that is made anew may be.</summary>
    public async Task RejectAsync(EnvPatchRequest request, EnvProblem problem, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginAsync(cancellationToken);
        var stack = await StackQueries.LockAsync(transaction, request.StackUid, StackLock.Exclusive, cancellationToken);
        if (stack is null || await transaction.Command(EnvPatches.ByUid).With(request.Uid).FirstAsync(EnvPatches.Read, cancellationToken) is not null)
        {
            return;
        }

        var row = Rejected(request, stack, problem, await NamesAsync(transaction, stack, cancellationToken));
        await EnvPatches.InsertAsync(transaction, request, stack, EnvIdentities.OfNothing(), row, time.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>A lock that somebody holds for longer than a moment is waited for outside of the database, where it is told.</summary>
    private async Task<LedgerTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        try
        {
            await transaction.LimitLockWaitsAsync(cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>The outcome of this very object, else of one that said the same.</summary>
    private static async Task<EnvPatchRow?> FindAsync(
        LedgerTransaction transaction, EnvPatchRequest request, byte[] identity, CancellationToken cancellationToken) =>
        await transaction.Command(EnvPatches.ByUid).With(request.Uid).FirstAsync(EnvPatches.Read, cancellationToken)
        ?? await EnvPatches.AskForTwin(transaction.Command(EnvPatches.Twin), request, identity).FirstAsync(EnvPatches.Read, cancellationToken);

    private async Task<EnvPatchRow> DecideAsync(
        LedgerTransaction transaction, StackRow stack, EnvPatchRequest request, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(transaction, stack, cancellationToken);
        if (stack.Lifecycle != StackLifecycle.Live)
        {
            return Rejected(request, stack, new EnvProblem("StackDeleting", $"Stack {stack.Name} is being deleted"), names);
        }

        if (EnvRules.Of(request.Change) is { } problem)
        {
            return Rejected(request, stack, problem, names);
        }

        var before = await revisions.ReadNewestAsync(transaction, stack, cancellationToken);
        var after = before.With(request.Change);
        var effective = after.Effective();
        var size = EnvSize.Of(effective);
        if (EnvRules.OfSize(size) is { } tooLarge)
        {
            return Rejected(request, stack, tooLarge, names);
        }

        var difference = EnvDifference.Between(before.Effective(), effective);
        var revision = after.Says(before)
            ? stack.EnvRevision
            : await revisions.WriteAsync(
                transaction, stack, new NewRevision(after, difference, size, null, request.Uid), time.GetUtcNow(), cancellationToken);
        return new EnvPatchRow
        {
            Uid = request.Uid,
            StackUid = stack.Uid,
            Applied = true,
            Reason = "Applied",
            Message = revision == stack.EnvRevision
                ? "every variable was as the patch asks for already; nothing has changed"
                : $"merged as revision {revision}: {difference.KeysSet.Count} set, {difference.KeysUnset.Count} unset",
            Revision = revision,
            KeysSet = difference.KeysSet.Count,
            KeysUnset = difference.KeysUnset.Count,
            TotalKeys = effective.Count,
            TotalBytes = size,
            Release = request.Release && revision is not null,
            Made = false,
        };
    }

    private static EnvPatchRow Rejected(EnvPatchRequest request, StackRow stack, EnvProblem problem, EnvRevision? names) => new()
    {
        Uid = request.Uid,
        StackUid = stack.Uid,
        Applied = false,
        Reason = problem.Reason,
        Message = problem.Message,
        Revision = null,
        KeysSet = 0,
        KeysUnset = 0,
        TotalKeys = names?.Keys.Count ?? 0,
        TotalBytes = names?.TotalBytes ?? EnvSize.Of(EnvSet.Empty.Effective()),
        Release = false,
        Made = false,
    };

    private static async Task<EnvRevision?> NamesAsync(LedgerTransaction transaction, StackRow stack, CancellationToken cancellationToken) =>
        stack.EnvRevision is { } newest
            ? await transaction.Command(EnvRevisions.NamesByNumber).With(stack.Id).With(newest).FirstAsync(EnvRevisions.ReadNames, cancellationToken)
            : null;
}
