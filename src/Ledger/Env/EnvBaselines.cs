using Npgsql;

namespace Slipway.Ledger.Env;

/// <summary>Makes what a Stack's object says of its variables the baseline: once for each generation, and never an older one over a newer one.</summary>
internal sealed class EnvBaselines(NpgsqlDataSource dataSource, TimeProvider time, EnvRevisions revisions)
{
    private const string Look = "UPDATE slipway.stacks SET env_generation = $2 WHERE id = $1";

    public async Task<BaselineOutcome> FollowAsync(
        Guid stackUid, long generation, IReadOnlyDictionary<string, string> baseline, long? seen, CancellationToken cancellationToken)
    {
        var hint = await StackQueries.FindAsync(dataSource, stackUid, cancellationToken);
        if (hint is null || IsSettled(hint, generation, baseline))
        {
            return new BaselineOutcome(hint, LedgerBehind: hint is not null && seen > (hint.EnvRevision ?? 0));
        }

        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        await transaction.LimitLockWaitsAsync(cancellationToken);
        var stack = await StackQueries.LockAsync(transaction, stackUid, StackLock.Exclusive, cancellationToken);
        if (stack is null || IsSettled(stack, generation, baseline) || seen > (stack.EnvRevision ?? 0))
        {
            return new BaselineOutcome(stack, LedgerBehind: stack is not null && seen > (stack.EnvRevision ?? 0));
        }

        if (await ChangeAsync(transaction, stack, generation, baseline, cancellationToken) is { } problem)
        {
            return new BaselineOutcome(stack, problem);
        }

        await transaction.Command(Look).With(stack.Id).With(generation).RunAsync(cancellationToken);
        var row = await transaction.Command(StackQueries.ByUid).With(stackUid).FirstAsync(StackQueries.Read, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new BaselineOutcome(row);
    }

    /// <summary>The generation, or a newer one, was looked at before; or there are no variables and never were.</summary>
    private static bool IsSettled(StackRow stack, long generation, IReadOnlyDictionary<string, string> baseline) =>
        stack.Lifecycle != StackLifecycle.Live
        || stack.EnvGeneration >= generation
        || (stack.EnvRevision is null && baseline.Count == 0);

    private async Task<EnvProblem?> ChangeAsync(
        LedgerTransaction transaction, StackRow stack, long generation, IReadOnlyDictionary<string, string> baseline, CancellationToken cancellationToken)
    {
        if (EnvRules.Of(baseline) is { } problem)
        {
            return problem;
        }

        var before = await revisions.ReadNewestAsync(transaction, stack, cancellationToken);
        var after = before.With(baseline);
        if (after.Says(before))
        {
            return null;
        }

        var effective = after.Effective();
        var size = EnvSize.Of(effective);
        if (EnvRules.OfSize(size) is { } tooLarge)
        {
            return tooLarge;
        }

        var difference = EnvDifference.Between(before.Effective(), effective);
        await revisions.WriteAsync(transaction, stack, new NewRevision(after, difference, size, generation, null), time.GetUtcNow(), cancellationToken);
        return null;
    }
}
