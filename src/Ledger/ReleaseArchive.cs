using Npgsql;

namespace Slipway.Ledger;

/// <summary>
/// Moves releases that ended long ago to the archive, in batches under the stack's lock. What stays: whatever is not terminal, a
/// stack's newest rows, the newest version of each lineage, and whoever a row that stays names as its successor.
/// </summary>
internal sealed class ReleaseArchive(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Rows in one transaction: short enough that nobody waits long for the stack.</summary>
    private const int Batch = 500;

    /// <summary>The newest rows of a stack that takes releases are its history, which is shown.</summary>
    private const int KeptOfLive = 100;

    private const int KeptOfDeleted = 1;

    public const string StacksWithOld = """
        SELECT s.id FROM slipway.stacks s
        CROSS JOIN LATERAL (
            SELECT k.id FROM slipway.releases k WHERE k.stack_id = s.id
            ORDER BY k.id DESC OFFSET CASE WHEN s.lifecycle = 'deleted' THEN $3 ELSE $2 END LIMIT 1) AS last_old
        WHERE EXISTS (
            SELECT FROM slipway.releases r
            WHERE r.stack_id = s.id AND r.id <= last_old.id AND NOT r.in_flight AND r.phase <> 'active' AND r.finished_at < $1)
        ORDER BY s.id
        """;

    private const string Candidate = """
        SELECT r.id, array(SELECT p.id FROM slipway.releases p WHERE p.superseded_by = r.id) FROM slipway.releases r
        WHERE NOT r.in_flight AND r.phase <> 'active' AND r.finished_at < $1

        """;

    public const string OldOfStack = Candidate + """
        AND r.stack_id = $2
        AND r.id <= (SELECT k.id FROM slipway.releases k WHERE k.stack_id = $2 ORDER BY k.id DESC OFFSET $3 LIMIT 1)
        AND r.id IS DISTINCT FROM (
            SELECT v.id FROM slipway.releases v WHERE v.namespace = $4 AND v.stack_name = $5 AND v.version_day IS NOT NULL
            ORDER BY v.version_day DESC, v.version_number DESC LIMIT 1)
        ORDER BY r.id LIMIT $6
        """;

    public const string OldWithoutStack = Candidate + "AND r.stack_id IS NULL ORDER BY r.id LIMIT $2";

    private const string Copy = $"""
        INSERT INTO slipway.releases_archive ({Columns}, superseded_day, superseded_number, archived_at, transitions)
        SELECT {Columns}, superseded_day, superseded_number, $2, transitions
        FROM slipway.releases
        CROSS JOIN LATERAL (SELECT {ReleaseReader.TransitionsOf} AS transitions) AS moves
        LEFT JOIN LATERAL (
            SELECT s.version_day AS superseded_day, s.version_number AS superseded_number
            FROM slipway.releases s WHERE s.id = releases.superseded_by) AS successor ON true
        WHERE id = ANY ($1)
        """;

    /// <summary>Every column of a release but what is computed.</summary>
    internal const string Columns = """
        id, stack_id, step, sequence, superseded_by, created_at, changed_at, started_at, finished_at, deadline_at, slot_requested_at,
        uid, stack_uid, phase, version_day, version_number, attempts, collisions, pinned, exclusive, namespace, name, stack_name,
        spec_hash, rerun_token, image, image_reference, digest, digests, requested_by, reason, message, log_tail, template,
        asked_at, rollback_day, rollback_number, source, revision, build, env_revision
        """;

    private const string Remove = "DELETE FROM slipway.releases WHERE id = ANY ($1)";

    /// <returns>How many were moved.</returns>
    public async Task<int> ArchiveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var moved = 0;
        var stacks = await dataSource.CreateCommand(StacksWithOld).With(before).With(KeptOfLive).With(KeptOfDeleted)
            .ListAsync(reader => reader.GetInt64(0), cancellationToken);
        foreach (var stack in stacks)
        {
            moved += await RepeatAsync(transaction => ListOfStackAsync(transaction, stack, before, cancellationToken), cancellationToken);
        }

        return moved + await RepeatAsync(
            transaction => ListAsync(transaction.Command(OldWithoutStack).With(before).With(Batch), cancellationToken), cancellationToken);
    }

    private async Task<int> RepeatAsync(Func<LedgerTransaction, Task<List<Old>>> list, CancellationToken cancellationToken)
    {
        var moved = 0;
        while (true)
        {
            await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
            var ids = Unreferenced(await list(transaction));
            if (ids.Length == 0)
            {
                return moved;
            }

            await transaction.Command(Copy).With(ids).With(time.GetUtcNow()).RunAsync(cancellationToken);
            await transaction.Command(Remove).With(ids).RunAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            moved += ids.Length;
        }
    }

    private static async Task<List<Old>> ListOfStackAsync(
        LedgerTransaction transaction, long id, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var stack = await StackQueries.LockByIdAsync(transaction, id, cancellationToken)
            ?? throw new InvalidOperationException($"The stack {id} vanished; rows of stacks are never removed.");
        var kept = stack.Lifecycle == StackLifecycle.Deleted ? KeptOfDeleted : KeptOfLive;
        return await ListAsync(
            transaction.Command(OldOfStack).With(before).With(id).With(kept).With(stack.Namespace).With(stack.Name).With(Batch), cancellationToken);
    }

    private static Task<List<Old>> ListAsync(NpgsqlCommand command, CancellationToken cancellationToken) =>
        command.ListAsync(reader => new Old(reader.GetInt64(0), reader.GetFieldValue<long[]>(1)), cancellationToken);

    /// <summary>Without those that a row names which stays; and so on, until nobody who stays names one who leaves.</summary>
    internal static long[] Unreferenced(IReadOnlyList<Old> candidates)
    {
        var leaving = candidates.Select(one => one.Id).ToHashSet();
        while (candidates.Where(one => leaving.Contains(one.Id) && !one.NamedBy.All(leaving.Contains)).ToList() is { Count: > 0 } named)
        {
            leaving.ExceptWith(named.Select(one => one.Id));
        }

        return [.. candidates.Select(one => one.Id).Where(leaving.Contains)];
    }

    /// <summary>A row that may leave, and those that name it as their successor.</summary>
    internal sealed record Old(long Id, long[] NamedBy);
}
