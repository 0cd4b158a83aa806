using Npgsql;

namespace Slipway.Ledger.Env;

/// <summary>
/// Makes the revisions again that the cluster has seen and the ledger has forgotten, each under its number: from its Secret where that is
/// there, else from the patch that made it, else from <c>spec.env</c> as it is now.
/// </summary>
internal sealed class EnvRepairs(NpgsqlDataSource dataSource, TimeProvider time, EnvRevisions revisions, EnvIdentities identities)
{
    /// <returns>How many were made, or would be.</returns>
    public async Task<int> RepairAsync(EnvEvidence evidence, bool dryRun, CancellationToken cancellationToken)
    {
        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        if (await StackQueries.LockAsync(transaction, evidence.StackUid, StackLock.Exclusive, cancellationToken) is not { Lifecycle: StackLifecycle.Live } stack)
        {
            return 0;
        }

        var first = (stack.EnvRevision ?? 0) + 1;
        if (dryRun || evidence.Highest < first)
        {
            return (int)Math.Max(0, evidence.Highest - first + 1);
        }

        var set = await revisions.ReadNewestAsync(transaction, stack, cancellationToken);
        for (var number = first; number <= evidence.Highest; number++)
        {
            set = await RepairAsync(transaction, stack with { EnvRevision = number - 1 }, evidence, set, number, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return (int)(evidence.Highest - first + 1);
    }

    private async Task<EnvSet> RepairAsync(
        LedgerTransaction transaction, StackRow stack, EnvEvidence evidence, EnvSet before, long number, CancellationToken cancellationToken)
    {
        var patches = evidence.Patches.Where(one => one.Revision == number).ToList();
        var cause = patches.FirstOrDefault();
        var after = cause is null ? before.With(evidence.Baseline) : before.With(cause.Request.Change);
        if (evidence.Values.TryGetValue(number, out var values))
        {
            after = after.ComingTo(values);
        }

        var effective = after.Effective();
        var difference = EnvDifference.Between(before.Effective(), effective);
        var size = EnvSize.Of(effective);
        var now = time.GetUtcNow();
        await revisions.WriteAsync(
            transaction,
            stack,
            new NewRevision(after, difference, size, cause is null ? evidence.Generation : null, cause?.Request.Uid),
            now,
            cancellationToken);
        foreach (var patch in patches)
        {
            var row = new EnvPatchRow
            {
                Uid = patch.Request.Uid,
                StackUid = stack.Uid,
                Applied = true,
                Reason = "Applied",
                Message = $"merged as revision {number}; the ledger was repaired from the cluster",
                Revision = number,
                KeysSet = patch == cause ? difference.KeysSet.Count : 0,
                KeysUnset = patch == cause ? difference.KeysUnset.Count : 0,
                TotalKeys = effective.Count,
                TotalBytes = size,
                Release = patch.Request.Release,
                Made = false,
            };
            var identity = await identities.OfAsync(patch.Request.Spec, cancellationToken);
            await EnvPatches.InsertAsync(transaction, patch.Request, stack, identity, row, now, cancellationToken);
            if (patch.Made)
            {
                await transaction.Command(EnvPatches.MarkMade).With(patch.Request.Uid).RunAsync(cancellationToken);
            }
        }

        return after;
    }
}
