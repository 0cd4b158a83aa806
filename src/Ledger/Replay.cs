namespace Slipway.Ledger;

/// <summary>
/// Makes the moves that the cluster knows of and the ledger does not, each as it was made: the database refuses an illegal one. In the
/// order of versions, which is that of activations; so whoever was active before has left when the next one comes.
/// </summary>
internal sealed class Replay(LedgerTransaction transaction, LineageEvidence evidence, IReadOnlyList<StackRow> stacks, TimeProvider time)
{
    private const string Insert = """
        INSERT INTO slipway.releases
            (uid, namespace, name, stack_id, stack_uid, stack_name, spec_hash, rerun_token, phase, version_day, version_number,
             image, image_reference, exclusive, template, requested_by, attempts, collisions, created_at, changed_at,
             started_at, finished_at, source, rollback_day, rollback_number, build, revision, asked_at, reason, message, log_tail,
             env_revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::slipway.phase, $10, $11, $12, $13, false, $14::json, $15, $16, $17, $18, $19,
                CASE WHEN $10 IS NOT NULL THEN $19 END, CASE WHEN $9 <> 'pending' THEN $19 END,
                $20::slipway.release_source, $21, $22, $23::json, $24, $25, $26, $27, $28,
                (SELECT number FROM slipway.env_revisions WHERE stack_id = $4 AND number = $29))
        """;

    private const string Move = """
        UPDATE slipway.releases
        SET phase = $2::slipway.phase, reason = $3, message = $4, changed_at = $5,
            finished_at = CASE WHEN $6 THEN NULL ELSE coalesce(finished_at, $5) END, deadline_at = NULL, slot_requested_at = NULL,
            image_reference = coalesce($7, image_reference), digest = coalesce($8, digest), pinned = $9,
            digests = CASE WHEN $8 IS NULL OR $8 = ANY (digests) THEN digests ELSE digests || $8 END,
            revision = coalesce($10, revision), build = coalesce($11::json, build), log_tail = coalesce($12, log_tail)
        WHERE id = $1
        """;

    private readonly List<RepairedRelease> _repaired = [];

    public async Task<IReadOnlyList<RepairedRelease>> RunAsync(CancellationToken cancellationToken)
    {
        var pending = new List<Missing>();
        foreach (var release in evidence.Releases.OrderBy(one => one.Version is null).ThenBy(one => one.Version))
        {
            if (await CompareAsync(release, cancellationToken) is { } missing)
            {
                pending.Add(missing);
            }
        }

        await EndForgottenAsync(pending.Max(missing => missing.Release.Version), cancellationToken);
        foreach (var missing in pending)
        {
            await RepairAsync(missing, cancellationToken);
        }

        return _repaired;
    }

    /// <summary>What the ledger lacks of a release; null when it lacks nothing.</summary>
    private async Task<Missing?> CompareAsync(ReleaseEvidence release, CancellationToken cancellationToken)
    {
        var moves = Complete(release);
        var known = await FindAsync(release, cancellationToken);
        var made = known?.Transitions.Count ?? 0;
        if (made >= moves.Count)
        {
            return null;
        }

        if (known is null || known.Transitions.Select(move => move.To).SequenceEqual(moves.Take(made).Select(move => move.To)))
        {
            return new Missing(release, known, moves[made..]);
        }

        _repaired.Add(new RepairedRelease(release.Name, release.Version, known.Phase, 0));
        return null;
    }

    /// <summary>What the ledger has in flight and no object tells of any more would stand in the way of what came later.</summary>
    private async Task EndForgottenAsync(ReleaseVersion? newest, CancellationToken cancellationToken)
    {
        var told = evidence.Releases.Select(release => release.Uid).ToHashSet();
        foreach (var stack in stacks)
        {
            var inFlight = await transaction.Command(ReleaseQueries.InFlightOfStack).With(stack.Id).ListAsync(ReleaseReader.Read, cancellationToken);
            foreach (var forgotten in inFlight.Where(release => release.Version < newest && !told.Contains(release.Uid)))
            {
                await transaction.EndAsync(forgotten, Ending.ObjectGone, time.GetUtcNow(), cancellationToken);
                _repaired.Add(new RepairedRelease(forgotten.Name, forgotten.Version, ReleasePhase.Cancelled, 1));
            }
        }
    }

    private async Task RepairAsync(Missing missing, CancellationToken cancellationToken)
    {
        var release = missing.Release;
        var moves = missing.Moves;
        var stack = stacks.FirstOrDefault(one => one.Uid == release.StackUid);
        if (missing.Known is null)
        {
            await InsertAsync(release, moves[0], stack, cancellationToken);
        }

        var id = (missing.Known ?? await ReleaseQueries.GetAsync(transaction, release.Uid, cancellationToken)).Id;
        foreach (var move in moves.Skip(missing.Known is null ? 1 : 0))
        {
            await MakeAsync(id, release, move, stack, cancellationToken);
        }

        _repaired.Add(new RepairedRelease(release.Name, release.Version, moves[^1].To, moves.Count));
    }

    /// <summary>By the object, else by the version: an object that was applied again shows the release of a former one.</summary>
    private async Task<ReleaseRow?> FindAsync(ReleaseEvidence release, CancellationToken cancellationToken)
    {
        if (await ReleaseQueries.FindAsync(transaction, release.Uid, cancellationToken) is { } own)
        {
            return own;
        }

        return release.Version is { } version
            ? await ReleaseQueries.FindVersionAsync(transaction, evidence.Namespace, evidence.StackName, version, cancellationToken)
            : await ReleaseQueries.FindTwinAsync(
                transaction,
                new ReleaseIdentity(evidence.Namespace, release.Name, release.StackUid, release.SpecHash, release.RerunToken),
                cancellationToken);
    }

    /// <summary>Of a stack that is gone nothing is in flight or active, whatever its objects say.</summary>
    private List<MoveEvidence> Complete(ReleaseEvidence release)
    {
        var moves = release.Moves.ToList();
        if (release.StackUid == evidence.StackUid || release.Phase.IsTerminal())
        {
            return moves;
        }

        var ending = release.Phase == ReleasePhase.Active ? Ending.StackDeleted : Ending.StackDeleting;
        moves.Add(new MoveEvidence(ending.Phase, time.GetUtcNow(), ending.Reason, ending.Message));
        return moves;
    }

    private Task<int> InsertAsync(ReleaseEvidence release, MoveEvidence first, StackRow? stack, CancellationToken cancellationToken) =>
        transaction.Command(Insert)
            .With(release.Uid).With(evidence.Namespace).With(release.Name).With(stack?.Id).With(release.StackUid).With(evidence.StackName)
            .With(release.SpecHash).With(release.RerunToken).With(first.To.ToSql()).With(release.Version?.Day).With(release.Version?.Number)
            .With(release.Image).With(release.ImageReference).With(release.Template).With(release.RequestedBy)
            .With(release.Attempts).With(release.Collisions).With(release.AskedAt ?? first.At).With(first.At)
            .With(release.Source.ToSql()).With(release.RollbackTo?.Day).With(release.RollbackTo?.Number).With(release.Build)
            .With(release.Revision).With(release.AskedAt).With(first.Reason).With(first.Message).With(release.LogTail)
            .With(release.EnvRevision)
            .RunAsync(cancellationToken);

    private async Task MakeAsync(
        long id, ReleaseEvidence release, MoveEvidence move, StackRow? stack, CancellationToken cancellationToken)
    {
        if (move.To == ReleasePhase.Active && stack is not null)
        {
            await DemoteAsync(id, release, stack, move.At, cancellationToken);
        }

        // Which other digests mean the same image is lost: what is still in flight must not be held to the one that is known.
        var pinned = release.Digest is not null && !release.Phase.IsInFlight();
        await transaction.Command(Move)
            .With(id).With(move.To.ToSql()).With(move.Reason).With(move.Message).With(move.At).With(move.To.IsInFlight())
            .With(release.ImageReference).With(release.Digest).With(pinned)
            .With(release.Revision).With(release.Build).With(release.LogTail)
            .RunAsync(cancellationToken);
    }

    /// <summary>Whoever is still active by then is one of whom no object tells any more.</summary>
    private async Task DemoteAsync(
        long successor, ReleaseEvidence release, StackRow stack, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await ReleaseQueries.FindActiveAsync(transaction, stack.Id, cancellationToken) is not { } former || former.Id == successor)
        {
            return;
        }

        var phase = release.RollbackTo is null ? ReleasePhase.Superseded : ReleasePhase.RolledBack;
        var ending = new Ending(phase, "NewerVersionActive", $"Version {release.Version} took its place.", SupersededBy: successor);
        await transaction.EndAsync(former, ending, at, cancellationToken);
        _repaired.Add(new RepairedRelease(former.Name, former.Version, phase, 1));
    }

    /// <summary>Moves that the ledger lacks of a release, and the release as the ledger has it; null if it has none.</summary>
    private sealed record Missing(ReleaseEvidence Release, ReleaseRow? Known, List<MoveEvidence> Moves);
}
