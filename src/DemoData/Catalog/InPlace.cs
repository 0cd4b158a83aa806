using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>Whether rows can be replaced in place, without a reader noticing before all of it is there.</summary>
internal static class InPlace
{
    private const string ObstacleSql =
        """
        SELECT format('materialized view %I has no unique index by which it could be refreshed while people read it', c.relname)
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relkind = 'm' AND c.relispopulated
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL)
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
        UNION ALL
        SELECT format('table %I has rule %I, by which something else than its rows may change', c.relname, r.rulename)
        FROM pg_catalog.pg_rewrite AS r JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND r.ev_type IN ('3', '4') AND r.ev_enabled IN ('O', 'A')
        ORDER BY 1 LIMIT 1
        """;

    /// <summary>Tables whose readers have to wait until this transaction ends, and whose old rows are gone for those who look at an earlier state.</summary>
    private const string TakenSql =
        """
        SELECT format('%I', c.relname) FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_class AS c ON c.oid = l.relation JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND n.nspname = $1 AND c.relkind IN ('r', 'p', 'm')
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
        ORDER BY 1 LIMIT 1
        """;

    /// <summary>What forbids it; null when nothing does.</summary>
    public static Task<string?> ObstacleAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
        connection.Command(ObstacleSql).With(schema).ScalarAsync<string>(cancellationToken);

    /// <summary>Name of a table that this transaction has taken away from its readers; null when there is none.</summary>
    public static Task<string?> TakenAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
        connection.Command(TakenSql).With(schema).ScalarAsync<string>(cancellationToken);
}
