using Npgsql;
using Slipway.Retry;

namespace Slipway.Ledger.Slugs;

/// <summary>
/// The one way to a slug, for every kind: the lowest free candidate is inserted, the database's constraint decides, and whoever loses has
/// his whole creation run again.
/// </summary>
internal sealed class SlugAllocator(ConflictRetry retry)
{
    /// <summary>Runs a creation, in a transaction of its own each time, until no slug is lost in it.</summary>
    /// <param name="ask">The slug that it is about.</param>
    /// <param name="creation">One whole attempt; it takes its slug by the attempt that it is given.</param>
    /// <param name="cancellationToken">Ends the waits in between.</param>
    /// <exception cref="SlugCollisionException">Every attempt lost its slug to another object.</exception>
    public Task<T> RunAsync<T>(SlugAsk ask, Func<SlugAttempt, CancellationToken, Task<T>> creation, CancellationToken cancellationToken)
    {
        var attempt = new SlugAttempt(ask);
        var operation = new ConflictOperation(
            "slug",
            $"{ask.Kind.ToSql()} {ask.Base}",
            error => error is PostgresException { ConstraintName: SqlStates.SlugUnique },
            (error, attempts) => new SlugCollisionException(ask.Base, attempts, attempt.LastCandidate, error));
        return retry.ExecuteAsync(
            operation,
            (number, token) =>
            {
                attempt.Number = number;
                return creation(attempt, token);
            },
            cancellationToken);
    }
}

/// <summary>One attempt at a creation that needs a slug.</summary>
internal sealed class SlugAttempt(SlugAsk ask)
{
    /// <summary>Who has lost before waits for the others who have: any number of them comes to an end. A first attempt waits for nobody.</summary>
    private const string LockBase = "SELECT pg_advisory_xact_lock(hashtextextended('slipway.slugs ' || $1 || ' ' || $2, 0))";

    public const string Taken = "SELECT slug FROM slipway.slugs WHERE kind = $1::slipway.slug_kind AND slug = ANY ($2)";

    private const string InsertOfStack =
        "INSERT INTO slipway.slugs (kind, slug, base, at, stack_id) VALUES ('stack', $1, $2, $3, $4)";

    private const string InsertOfTeam =
        "INSERT INTO slipway.slugs (kind, slug, base, at, team_id) VALUES ('team', $1, $2, $3, $4)";

    public int Number { get; set; }

    public string LastCandidate { get; private set; } = "";

    /// <summary>Takes the lowest free candidate for a row of the kind that is asked for.</summary>
    /// <param name="transaction">The creation. It can only be rolled back when this throws.</param>
    /// <param name="ownerId">The key of the stack's or team's row.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The slug; null when every candidate is really taken.</returns>
    public async Task<string?> TakeAsync(LedgerTransaction transaction, long ownerId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Number > 1)
        {
            await transaction.Command(LockBase).With(ask.Kind.ToSql()).With(ask.Base).RunAsync(cancellationToken);
        }

        var taken = await transaction.Command(Taken).With(ask.Kind.ToSql()).With(ask.Candidates.ToArray())
            .ListAsync(reader => reader.GetString(0), cancellationToken);
        if (ask.Candidates.FirstOrDefault(candidate => !taken.Contains(candidate)) is not { } free)
        {
            return null;
        }

        LastCandidate = free;
        var insert = ask.Kind switch { SlugKind.Stack => InsertOfStack, SlugKind.Team => InsertOfTeam };
        await transaction.Command(insert).With(free).With(ask.Base).With(now).With(ownerId).RunAsync(cancellationToken);
        return free;
    }
}
