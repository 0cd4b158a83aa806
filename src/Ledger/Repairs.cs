using Npgsql;

namespace Slipway.Ledger;

/// <summary>
/// Brings a ledger that was restored from an older backup up to what the cluster knows: one lineage in one transaction, under the
/// locks of all of its stacks. Nothing that the ledger knows better is touched, so it can be repeated.
/// </summary>
internal sealed class Repairs(NpgsqlDataSource dataSource, TimeProvider time)
{
    private const string RaiseSteps = "SELECT setval('slipway.steps', greatest((SELECT last_value FROM slipway.steps), $1))";

    private const string RaiseSequence =
        "UPDATE slipway.stacks SET sequence = nextval('slipway.steps') WHERE uid = $1 AND sequence < $2";

    private const string LockLineage = StackQueries.Select + "WHERE namespace = $1 AND name = $2 ORDER BY id FOR UPDATE";

    /// <summary>A stack of which only its releases tell.</summary>
    private const string InsertFormer = """
        INSERT INTO slipway.stacks (uid, namespace, name, generation, concurrency, created_at, deleted_at, lifecycle)
        VALUES ($1, $2, $3, 0, 'queue', $4, $4, 'deleted') ON CONFLICT (uid) DO NOTHING
        """;

    private const string NameSuccessor = """
        UPDATE slipway.releases AS r SET superseded_by = s.id FROM slipway.releases AS s
        WHERE r.namespace = $1 AND r.stack_name = $2 AND r.version_day = $3 AND r.version_number = $4 AND r.superseded_by IS NULL
          AND s.namespace = $1 AND s.stack_name = $2 AND s.version_day = $5 AND s.version_number = $6
        """;

    /// <param name="evidence">What the cluster knows.</param>
    /// <param name="dryRun">Whether everything is rolled back.</param>
    public async Task<IReadOnlyList<RepairedRelease>> RepairAsync(LineageEvidence evidence, bool dryRun, CancellationToken cancellationToken)
    {
        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        await Stacks.LockNameAsync(transaction, evidence.Namespace, evidence.StackName, cancellationToken);
        var stacks = await LockStacksAsync(transaction, evidence, cancellationToken);
        if (!dryRun)
        {
            // What is drawn from a sequence does not come back with a rollback.
            await transaction.Command(RaiseSteps).With(Math.Max(evidence.Stamp, 1)).RunAsync(cancellationToken);
        }

        await transaction.Command(RaiseSequence).With(evidence.StackUid ?? Guid.Empty).With(evidence.Stamp).RunAsync(cancellationToken);
        var replay = new Replay(transaction, evidence, stacks, time);
        var repaired = await replay.RunAsync(cancellationToken);
        await NameSuccessorsAsync(transaction, evidence, cancellationToken);
        await WriteSourceAsync(transaction, evidence, stacks, cancellationToken);
        if (!dryRun)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return repaired;
    }

    private async Task<IReadOnlyList<StackRow>> LockStacksAsync(
        LedgerTransaction transaction, LineageEvidence evidence, CancellationToken cancellationToken)
    {
        foreach (var uid in evidence.Releases.Select(release => release.StackUid).OfType<Guid>().Distinct().Order())
        {
            await transaction.Command(InsertFormer)
                .With(uid).With(evidence.Namespace).With(evidence.StackName).With(time.GetUtcNow()).RunAsync(cancellationToken);
        }

        return await transaction.Command(LockLineage).With(evidence.Namespace).With(evidence.StackName)
            .ListAsync(StackQueries.Read, cancellationToken);
    }

    private static async Task NameSuccessorsAsync(
        LedgerTransaction transaction, LineageEvidence evidence, CancellationToken cancellationToken)
    {
        foreach (var release in evidence.Releases)
        {
            if (release is { Version: { } version, SupersededBy: { } successor })
            {
                await transaction.Command(NameSuccessor).With(evidence.Namespace).With(evidence.StackName)
                    .With(version.Day).With(version.Number).With(successor.Day).With(successor.Number)
                    .RunAsync(cancellationToken);
            }
        }
    }

    private static async Task WriteSourceAsync(
        LedgerTransaction transaction, LineageEvidence evidence, IReadOnlyList<StackRow> stacks, CancellationToken cancellationToken)
    {
        if (evidence.Source is { } source && stacks.FirstOrDefault(stack => stack.Uid == evidence.StackUid) is { } stack)
        {
            await StackSources.WriteAsync(transaction, stack, source, cancellationToken);
        }
    }
}
