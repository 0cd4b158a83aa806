using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>Materialized views show what their tables had when they were refreshed: with new rows they have to be made new, too.</summary>
internal static class MaterializedViews
{
    /// <summary>An index over all rows, by which they can be refreshed while people read them.</summary>
    private const string KeyedSql =
        """
        EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL)
        """;

    /// <summary>
    /// Those of the schema $1 that are filled, or whose namesakes in the schema $2 are; each after those that it reads, directly or through
    /// other views.
    /// </summary>
    private const string FilledSql =
        $"""
        WITH RECURSIVE reads(reader, source) AS (
            SELECT DISTINCT r.ev_class, d.refobjid FROM pg_catalog.pg_rewrite AS r
            JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> r.ev_class
        ),
        walk(reader, source, depth) AS (
            SELECT reader, source, 1 FROM reads
            UNION
            SELECT walk.reader, reads.source, depth + 1 FROM walk JOIN reads ON reads.reader = walk.source WHERE depth < 100
        )
        SELECT format('%I.%I', n.nspname, c.relname), c.oid::bigint, {KeyedSql} FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind = 'm' AND n.nspname = $1 AND (c.relispopulated OR EXISTS (SELECT FROM pg_catalog.pg_class AS o JOIN pg_catalog.pg_namespace AS m ON m.oid = o.relnamespace
            WHERE m.nspname = $2 AND o.relname = c.relname AND o.relkind = 'm' AND o.relispopulated))
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
        ORDER BY (SELECT max(depth) FROM walk WHERE walk.reader = c.oid), c.relname
        """;

    /// <summary>Fills them, in a schema that nobody else uses.</summary>
    /// <param name="like">Name of the present schema.</param>
    public static async Task FillAsync(NpgsqlConnection connection, string schema, string like, CancellationToken cancellationToken)
    {
        foreach (var (name, _, _) in await FilledAsync(connection, schema, like, cancellationToken))
        {
            await connection.RunAsync($"REFRESH MATERIALIZED VIEW {name}", cancellationToken);
        }
    }

    /// <summary>
    /// Refreshes them while people read. Whoever reads one that has no index for that waits until the transaction ends, which should be soon.
    /// </summary>
    /// <exception cref="DemoDataException">One was in use for longer than was to be waited.</exception>
    public static async Task RefreshAsync(NpgsqlConnection connection, string schema, TableLocks locks, CancellationToken cancellationToken)
    {
        foreach (var (name, oid, isKeyed) in await FilledAsync(connection, schema, schema, cancellationToken))
        {
            await locks.RunAsync(
                () => TryRefreshAsync(connection, $"REFRESH MATERIALIZED VIEW {(isKeyed ? "CONCURRENTLY " : "")}{name}", cancellationToken),
                () => Locking.LockHolder.OfRelationsAsync(connection, [oid], readersToo: !isKeyed, cancellationToken),
                cancellationToken);
        }
    }

    private static async Task<bool> TryRefreshAsync(NpgsqlConnection connection, string refresh, CancellationToken cancellationToken)
    {
        await Batch.RunAsync(connection, ["SAVEPOINT refreshing", TableLocks.Bound], cancellationToken);
        try
        {
            await Batch.RunAsync(connection, [refresh, "SET LOCAL lock_timeout = 0", "RELEASE refreshing"], cancellationToken);
            return true;
        }
        catch (PostgresException error) when (Faults.IsInTheWay(error))
        {
            await connection.RunAsync("ROLLBACK TO refreshing", cancellationToken);
            return false;
        }
    }

    private static Task<List<(string Name, long Oid, bool IsKeyed)>> FilledAsync(NpgsqlConnection connection, string schema, string like, CancellationToken cancellationToken) =>
        connection.Command(FilledSql).With(schema).With(like).ListAsync(row => (row.GetString(0), row.GetInt64(1), row.GetBoolean(2)), cancellationToken);
}
