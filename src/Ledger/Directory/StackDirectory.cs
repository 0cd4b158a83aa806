using Npgsql;
using Slipway.Ledger.Slugs;

namespace Slipway.Ledger.Directory;

/// <summary>The slug of a stack, and its team.</summary>
internal sealed class StackDirectory(NpgsqlDataSource dataSource, TimeProvider time, SlugAllocator slugs)
{
    public const string Find = """
        SELECT s.lifecycle = 'live', g.slug, g.base, t.uid, t.name FROM slipway.stacks AS s
        LEFT JOIN slipway.slugs AS g ON g.stack_id = s.id LEFT JOIN slipway.teams AS t ON t.id = s.team_id
        WHERE s.uid = $1
        """;

    /// <summary>Locks nothing of the stack: whoever waits for a slug must not keep its releases waiting.</summary>
    private const string FindWithout = """
        SELECT id FROM slipway.stacks AS s
        WHERE uid = $1 AND lifecycle = 'live' AND NOT EXISTS (SELECT FROM slipway.slugs WHERE stack_id = s.id)
        """;

    private const string FindTeam = "SELECT id FROM slipway.teams WHERE uid = $1 AND lifecycle = 'live'";

    private const string Bind =
        "UPDATE slipway.stacks SET team_id = $3 WHERE uid = $1 AND generation <= $2 AND lifecycle = 'live'";

    public Task<StackEntry?> FindAsync(Guid stackUid, CancellationToken cancellationToken) =>
        dataSource.CreateCommand(Find).With(stackUid).FirstAsync(Read, cancellationToken);

    public async Task<StackEntry?> AllocateAsync(Guid stackUid, SlugAsk ask, CancellationToken cancellationToken)
    {
        try
        {
            return await slugs.RunAsync(ask, (attempt, token) => AttemptAsync(stackUid, attempt, token), cancellationToken);
        }
        catch (PostgresException error) when (error is { ConstraintName: SqlStates.SlugOfStack } or { SqlState: SqlStates.IsDeleted })
        {
            // Another operator gave it one in between, or it was deleted.
            return await FindAsync(stackUid, cancellationToken);
        }
    }

    public async Task<BindOutcome> BindAsync(Guid stackUid, long generation, Guid? teamUid, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
            long? team = null;
            if (teamUid is not null)
            {
                var found = await transaction.Command(FindTeam).With(teamUid).ListAsync(reader => reader.GetInt64(0), cancellationToken);
                if (found is not [var id])
                {
                    return BindOutcome.TeamUnknown;
                }

                team = id;
            }

            // Its trigger looks at the team once more, under that one's lock.
            var bound = await transaction.Command(Bind).With(stackUid).With(generation).With(team).RunAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return bound == 0 ? BindOutcome.Outdated : BindOutcome.Bound;
        }
        catch (PostgresException error) when (error.SqlState == SqlStates.IsDeleted)
        {
            // It has ended in between.
            return BindOutcome.TeamUnknown;
        }
    }

    private async Task<StackEntry?> AttemptAsync(Guid stackUid, SlugAttempt attempt, CancellationToken cancellationToken)
    {
        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        await transaction.LimitLockWaitsAsync(cancellationToken);
        var without = await transaction.Command(FindWithout).With(stackUid).ListAsync(reader => reader.GetInt64(0), cancellationToken);
        if (without is [var id])
        {
            await attempt.TakeAsync(transaction, id, time.GetUtcNow(), cancellationToken);
        }

        var entry = await transaction.Command(Find).With(stackUid).FirstAsync(Read, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return entry;
    }

    private static StackEntry Read(NpgsqlDataReader reader) =>
        new(reader.GetBoolean(0), reader.MaybeText(1), reader.MaybeText(2), reader.Maybe<Guid>(3), reader.MaybeText(4));
}
