using Npgsql;

namespace Slipway.Ledger;

/// <summary>
/// The decision about a newcomer, in the transaction that holds its stack's row: whose image it takes, what the policy makes of the
/// releases in flight, and which version it gets.
/// </summary>
internal sealed class AdmissionDecision(LedgerTransaction transaction, AdmissionRace race, StackRow stack, TimeProvider time)
{
    private const string Insert = """
        INSERT INTO slipway.releases
            (uid, namespace, name, stack_id, stack_uid, stack_name, spec_hash, rerun_token, phase, version_day, version_number,
             image, image_reference, exclusive, template, requested_by, attempts, collisions,
             created_at, changed_at, started_at, deadline_at,
             source, rollback_day, rollback_number, build, asked_at, digest, digests, pinned, env_revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9, $10, $11, $12, $13, $14::json, $15, $16, $17, $18, $18, $18, $19,
                $20::slipway.release_source, $21, $22, $23::json, $24, $25, $26, $27, $28)
        """;

    private const string NameSuccessor = "UPDATE slipway.releases SET superseded_by = $2 WHERE id = ANY ($1)";

    private readonly AdmissionRequest _request = race.Request;

    /// <summary>Whether there is something to commit.</summary>
    public bool HasWritten { get; private set; }

    public async Task<AdmissionOutcome> MakeAsync(CancellationToken cancellationToken)
    {
        var newest = await ReleaseQueries.FindNewestVersionAsync(transaction, stack.Namespace, stack.Name, cancellationToken);
        if ((_request.Seen is { } seen && (newest is null || newest.Value < seen)) || _request.SeenEnvRevision > (stack.EnvRevision ?? 0))
        {
            return AdmissionOutcome.LedgerBehind;
        }

        if (_request.EnvRevision is { } revision && await BringAsync(revision, cancellationToken) is { } decided)
        {
            return decided;
        }

        var exclusive = stack.Concurrency != ConcurrencyPolicy.Parallel;
        var holders = await ReleaseQueries.ListAdmissionHoldersAsync(transaction, stack.Id, exclusive, cancellationToken);
        var target = await FindTargetAsync(cancellationToken);
        if (target.Problem is { } problem && !(problem.Passes && holders.Count > 0 && stack.Concurrency != ConcurrencyPolicy.Supersede))
        {
            return await RefuseAsync(ReleasePhase.Failed, problem.Reason, problem.Message, null, cancellationToken);
        }

        if (holders.Count > 0 && await MeetAsync(holders, cancellationToken) is { } outcome)
        {
            return outcome;
        }

        var release = await InsertAsync(newest, exclusive, target.Release, cancellationToken);
        await NameSuccessorAsync(holders, release, cancellationToken);
        return AdmissionOutcome.Admitted(release);
    }

    /// <summary>
    /// Whether there is a point in bringing new variables to what runs. Null: nothing is in flight, and the active release lacks them.
    /// </summary>
    private async Task<AdmissionOutcome?> BringAsync(long revision, CancellationToken cancellationToken)
    {
        var active = await ReleaseQueries.FindActiveAsync(transaction, stack.Id, cancellationToken);
        if (active?.EnvRevision >= revision)
        {
            var message = $"{active.Name} (version {active.Version}), which is active, has revision {active.EnvRevision} of the variables already.";
            return await RefuseAsync(ReleasePhase.Superseded, "EnvRevisionActive", message, active.Id, cancellationToken);
        }

        var inFlight = await ReleaseQueries.ListAdmissionHoldersAsync(transaction, stack.Id, exclusive: true, cancellationToken);
        if (inFlight.Count > 0)
        {
            return AdmissionOutcome.Waiting(inFlight[0]);
        }

        return active is null
            ? await RefuseAsync(
                ReleasePhase.Superseded,
                "NoActiveRelease",
                $"Stack {stack.Name} has no active release; the next one starts with the variables of revision {stack.EnvRevision}.",
                null,
                cancellationToken)
            : null;
    }

    /// <summary>What the policy says when others are in flight. Null: they have made room.</summary>
    private async Task<AdmissionOutcome?> MeetAsync(List<ReleaseRow> holders, CancellationToken cancellationToken)
    {
        switch (stack.Concurrency)
        {
            case ConcurrencyPolicy.Queue or ConcurrencyPolicy.Parallel:
                return AdmissionOutcome.Waiting(holders[0]);
            case ConcurrencyPolicy.Reject:
                return await RefuseAsync(ReleasePhase.Failed, "DeploymentInProgress", holders[0].InTheWay, null, cancellationToken);
            case ConcurrencyPolicy.Supersede:
                return await SupersedeAsync(holders, cancellationToken);
            default:
                throw new InvalidOperationException($"unknown policy {stack.Concurrency}");
        }
    }

    /// <summary>The later object wins, whichever is looked at first.</summary>
    private async Task<AdmissionOutcome?> SupersedeAsync(List<ReleaseRow> holders, CancellationToken cancellationToken)
    {
        if (holders.Find(IsLater) is { } later)
        {
            var message = $"{later.Name} (version {later.Version}), which was created later, is in flight already.";
            return await RefuseAsync(ReleasePhase.Superseded, "NewerReleaseInFlight", message, later.Id, cancellationToken);
        }

        var ending = new Ending(ReleasePhase.Superseded, "NewerRelease", $"{_request.Name}, which was created later, took its place.");
        foreach (var holder in holders)
        {
            HasWritten = true;
            await transaction.EndAsync(holder, ending, time.GetUtcNow(), cancellationToken);
        }

        return null;
    }

    private bool IsLater(ReleaseRow holder)
    {
        if (holder.AskedAt is not { } askedAt || askedAt < _request.AskedAt)
        {
            return false;
        }

        var byNamespace = string.CompareOrdinal(holder.Namespace, _request.Namespace);
        return askedAt > _request.AskedAt || (byNamespace != 0 ? byNamespace : string.CompareOrdinal(holder.Name, _request.Name)) > 0;
    }

    private async Task<ReleaseTarget> FindTargetAsync(CancellationToken cancellationToken) => _request.Source switch
    {
        ReleaseSourceKind.Image or ReleaseSourceKind.Git or ReleaseSourceKind.Oci or ReleaseSourceKind.Archive => ReleaseTarget.None,
        ReleaseSourceKind.Current => ReleaseTarget.OfCurrent(await ReleaseQueries.FindActiveAsync(transaction, stack.Id, cancellationToken), stack),
        ReleaseSourceKind.Rollback => ReleaseTarget.OfRollback(
            _request.RollbackTo!.Value,
            await ReleaseQueries.FindVersionAsync(transaction, stack.Namespace, stack.Name, _request.RollbackTo.Value, cancellationToken),
            stack),
    };

    private async Task<AdmissionOutcome> RefuseAsync(
        ReleasePhase phase, string reason, string message, long? supersededBy, CancellationToken cancellationToken)
    {
        var refusal = new Refusal
        {
            Uid = _request.Uid,
            Namespace = _request.Namespace,
            Name = _request.Name,
            StackUid = stack.Uid,
            StackName = stack.Name,
            SpecHash = _request.SpecHash,
            RerunToken = _request.RerunToken,
            Phase = phase,
            Reason = reason,
            Message = message,
            RequestedBy = _request.RequestedBy,
            Source = _request.Source,
            RollbackTo = _request.RollbackTo,
            AskedAt = _request.AskedAt,
        };
        HasWritten = true;
        await Refusals.InsertAsync(transaction, refusal, stack, time.GetUtcNow(), cancellationToken, supersededBy);
        return AdmissionOutcome.Refused(await ReleaseQueries.GetAsync(transaction, _request.Uid, cancellationToken));
    }

    private async Task<ReleaseRow> InsertAsync(ReleaseVersion? newest, bool exclusive, ReleaseRow? target, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var version = ReleaseVersion.Next(newest, DateOnly.FromDateTime(now.UtcDateTime));
        race.LastAttempted = version;
        var image = target?.ImageReference ?? race.ImageReference(version);
        var template = _request.Source == ReleaseSourceKind.Rollback ? target!.Template : _request.Template;
        try
        {
            HasWritten = true;
            await transaction.Command(Insert)
                .With(_request.Uid).With(_request.Namespace).With(_request.Name).With(stack.Id).With(stack.Uid).With(stack.Name)
                .With(_request.SpecHash).With(_request.RerunToken).With(version.Day).With(version.Number)
                .With(_request.Image).With(image).With(exclusive).With(template)
                .With(_request.RequestedBy).With(race.Attempts).With(race.Collisions).With(now).With(now + _request.ResolveDeadline)
                .With(_request.Source.ToSql()).With(_request.RollbackTo?.Day).With(_request.RollbackTo?.Number).With(_request.Build)
                .With(_request.AskedAt).With(target?.Digest).With(target?.Digests.ToArray() ?? []).With(target?.Pinned ?? false)
                .With(_request.Source == ReleaseSourceKind.Rollback ? target!.EnvRevision : stack.EnvRevision)
                .RunAsync(cancellationToken);
        }
        catch (PostgresException error) when (error.ConstraintName == SqlStates.VersionUnique)
        {
            race.Collisions++;
            LedgerMetrics.VersionCollisions.Add(1);
            throw;
        }

        return await ReleaseQueries.GetAsync(transaction, _request.Uid, cancellationToken);
    }

    private async Task NameSuccessorAsync(List<ReleaseRow> ended, ReleaseRow successor, CancellationToken cancellationToken)
    {
        if (ended.Count > 0)
        {
            await transaction.Command(NameSuccessor)
                .With(ended.Select(release => release.Id).ToArray()).With(successor.Id).RunAsync(cancellationToken);
        }
    }
}
