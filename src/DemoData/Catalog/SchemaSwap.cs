using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>
/// Puts the contents of a schema that was built beside in the place of the present one's. The schema itself stays, with its owner, its
/// grants and the extensions that live in it; so does whatever people have granted on its tables, and the numbers that its sequences have given out.
/// </summary>
/// <param name="schema">The schema.</param>
/// <param name="built">The one beside.</param>
/// <param name="retired">A name for what goes.</param>
/// <param name="builtBy">Number of the transaction that has filled the one beside.</param>
internal sealed class SchemaSwap(string schema, string built, string retired, string builtBy)
{
    private const string LockableSql =
        """
        SELECT format('%I.%I', n.nspname, c.relname), c.oid::bigint
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
        ORDER BY c.relkind = 'v', c.relname
        """;

    /// <summary>
    /// Transactions that look at the world as it was before the new rows were there: in new tables they would see none. The oldest that one
    /// of them does not know the end of may be the very one that made the rows. Who waits for our lock looks at the world of when he began to
    /// wait, and would wait for ever if he were waited for. Of other people's sessions not everything is shown.
    /// </summary>
    private static readonly string OlderSql =
        $"""
        SELECT 'process ' || pid || coalesce(' of ' || quote_literal(nullif(application_name, '')), '') || coalesce(' (user ' || usename || ')', '')
            || ', which looks at the data of ' || coalesce(to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'), 'a while ago')
        FROM pg_catalog.pg_stat_activity AS activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
            AND pid NOT IN (SELECT pid FROM pg_catalog.pg_stat_replication)
            AND age(backend_xmin) >= age($1::xid8::xid)
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks AS wanted WHERE wanted.pid = activity.pid AND wanted.locktype = 'advisory' AND NOT wanted.granted
                AND wanted.database = activity.datid AND wanted.objsubid = 1 AND wanted.classid = 0 AND wanted.objid = {Locking.DatabaseLock.Key})
        """;

    private long[] _oids = [];

    /// <summary>One try, in a transaction that is to be rolled back when it fails.</summary>
    /// <returns>False when somebody still looks at what was before.</returns>
    /// <exception cref="PostgresException">A lock was not to be had (55P03), or the database refuses the change.</exception>
    public async Task<bool> TryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.RunAsync(TableLocks.Bound, cancellationToken);
        if ((await OlderAsync(connection, cancellationToken)).Count > 0)
        {
            return false;
        }

        var lockable = await connection.Command(LockableSql).With(schema).ListAsync(row => (Name: row.GetString(0), Oid: row.GetInt64(1)), cancellationToken);
        _oids = [.. lockable.Select(entry => entry.Oid)];
        if (lockable.Count > 0)
        {
            await connection.RunAsync($"LOCK TABLE {string.Join(", ", lockable.Select(entry => entry.Name))} IN ACCESS EXCLUSIVE MODE", cancellationToken);
        }

        await Dependents.CheckAsync(connection, schema, schema, cancellationToken);
        await Batch.RunAsync(connection, await Privileges.OfNamesakesAsync(connection, schema, built, cancellationToken), cancellationToken);
        await MoveAsync(connection, cancellationToken);
        return true;
    }

    /// <summary>Who is in the way.</summary>
    public async Task<string> HoldersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var older = await OlderAsync(connection, cancellationToken);
        return older.Count > 0
            ? string.Join("; ", older)
            : await Locking.LockHolder.OfRelationsAsync(connection, _oids, readersToo: true, cancellationToken);
    }

    private Task<List<string>> OlderAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.Command(OlderSql.Replace("$1", Sql.Literal(builtBy), StringComparison.Ordinal)).TextsAsync(cancellationToken);

    private async Task MoveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var goes = await SchemaObject.InAsync(connection, schema, cancellationToken);
        var comes = await SchemaObject.InAsync(connection, built, cancellationToken);
        await Batch.RunAsync(connection, [$"CREATE SCHEMA {retired}", .. goes.Select(item => item.MoveTo(retired))], cancellationToken);
        // Only now does nobody draw numbers any more.
        var former = await Sequences.PositionsAsync(connection, retired, null, cancellationToken);
        await Sequences.GoOnAsync(connection, built, former, cancellationToken);
        await Batch.RunAsync(
            connection,
            [
                .. comes.Select(item => item.MoveTo(schema)),
                $"DROP SCHEMA {retired} CASCADE",
                // Not what may still be in it: by now that is nothing, or something that we do not know.
                $"DROP SCHEMA {built}",
            ],
            cancellationToken);
    }
}
