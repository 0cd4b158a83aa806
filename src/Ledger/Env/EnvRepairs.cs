using Npgsql;

namespace Slipway.Ledger.Env;

/// <summary>
/// Makes the revisions again that the cluster has seen and the ledger has forgotten, each under its number: from its Secret where that is
/// there, else from the patch that made it, else from <c>spec.env</c> as it is now. Then notes what became of each patch.
/// </summary>
internal sealed class EnvRepairs(NpgsqlDataSource dataSource, TimeProvider time, EnvRevisions revisions, EnvIdentities identities)
{
    /// <returns>How many revisions were made, or would be.</returns>
    public async Task<int> RepairAsync(EnvEvidence evidence, bool dryRun, CancellationToken cancellationToken)
    {
        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        if (await StackQueries.LockAsync(transaction, evidence.StackUid, StackLock.Exclusive, cancellationToken) is not { Lifecycle: StackLifecycle.Live } stack)
        {
            return 0;
        }

        var missing = (int)Math.Max(0, evidence.Highest - (stack.EnvRevision ?? 0));
        if (dryRun)
        {
            return missing;
        }

        var made = missing > 0 ? await MakeAsync(transaction, stack, evidence, cancellationToken) : [];
        foreach (var patch in evidence.Patches)
        {
            await NoteAsync(transaction, stack, patch, made.GetValueOrDefault(patch.Request.Uid), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return missing;
    }

    /// <returns>What each patch that made a revision did.</returns>
    private async Task<Dictionary<Guid, EnvDifference>> MakeAsync(
        LedgerTransaction transaction, StackRow stack, EnvEvidence evidence, CancellationToken cancellationToken)
    {
        var made = new Dictionary<Guid, EnvDifference>();
        var set = await revisions.ReadNewestAsync(transaction, stack, cancellationToken);
        for (var number = (stack.EnvRevision ?? 0) + 1; number <= evidence.Highest; number++)
        {
            var cause = CauseOf(evidence, set, number);
            var after = cause is null ? set.With(evidence.Baseline) : set.With(cause.Change);
            if (evidence.Values.TryGetValue(number, out var values))
            {
                after = after.ComingTo(values);
            }

            var effective = after.Effective();
            var difference = EnvDifference.Between(set.Effective(), effective);
            var revision = new NewRevision(after, difference, EnvSize.Of(effective), cause is null ? evidence.Generation : null, cause?.Uid);
            await revisions.WriteAsync(transaction, stack with { EnvRevision = number - 1 }, revision, time.GetUtcNow(), cancellationToken);
            if (cause is not null)
            {
                made[cause.Uid] = difference;
            }

            set = after;
        }

        return made;
    }

    /// <summary>
    /// The patch that made a revision; null if the object did. A patch may say a revision that it only found: it has set and unset nothing.
    /// One that did make it may have done as little; it is taken for the cause where the object has nothing new to say.
    /// </summary>
    private static EnvPatchRequest? CauseOf(EnvEvidence evidence, EnvSet before, long number)
    {
        var patches = evidence.Patches.Where(patch => patch.Revision == number).ToList();
        var cause = patches.Find(patch => patch.Changed) ?? (before.With(evidence.Baseline).Says(before) ? patches.FirstOrDefault() : null);
        return cause?.Request;
    }

    /// <summary>What became of a patch, if the ledger knows neither the object nor one that said the same.</summary>
    private async Task NoteAsync(
        LedgerTransaction transaction, StackRow stack, EnvPatchEvidence patch, EnvDifference? did, CancellationToken cancellationToken)
    {
        var request = patch.Request;
        if (await transaction.Command(EnvPatches.ByUid).With(request.Uid).FirstAsync(EnvPatches.Read, cancellationToken) is not null
            || await transaction.Command(EnvRevisions.NamesByNumber).With(stack.Id).With(patch.Revision)
                .FirstAsync(EnvRevisions.ReadNames, cancellationToken) is not { } revision)
        {
            return;
        }

        var identity = await identities.OfAsync(request.Spec, cancellationToken);
        if (await EnvPatches.AskForTwin(transaction.Command(EnvPatches.Twin), request, identity).FirstAsync(EnvPatches.Read, cancellationToken) is not null)
        {
            return;
        }

        await EnvPatches.InsertAsync(transaction, request, stack, identity, RowOf(request, stack, revision, did), time.GetUtcNow(), cancellationToken);
        if (patch.Made)
        {
            await transaction.Command(EnvPatches.MarkMade).With(request.Uid).RunAsync(cancellationToken);
        }
    }

    private static EnvPatchRow RowOf(EnvPatchRequest request, StackRow stack, EnvRevision revision, EnvDifference? did) => new()
    {
        Uid = request.Uid,
        StackUid = stack.Uid,
        Applied = true,
        Reason = "Applied",
        Message = did is null
            ? $"every variable was as the patch asks for in revision {revision.Number}; the ledger was repaired from the cluster"
            : $"merged as revision {revision.Number}; the ledger was repaired from the cluster",
        Revision = revision.Number,
        KeysSet = did?.KeysSet.Count ?? 0,
        KeysUnset = did?.KeysUnset.Count ?? 0,
        TotalKeys = revision.Keys.Count,
        TotalBytes = revision.TotalBytes,
        Release = request.Release,
        Made = false,
    };
}
