using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>A table whose rows are made new.</summary>
/// <param name="Oid">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsParted">Whether its rows lie in partitions.</param>
/// <param name="Columns">The columns that can be written, as they must be written in a statement.</param>
/// <param name="Values">What fills them from a namesake in another schema, whose types are namesakes of this one's.</param>
internal sealed record Table(long Oid, string Name, bool IsParted, string[] Columns, string[] Values)
{
    private const string AllSql =
        """
        SELECT c.oid::bigint, c.relname, c.relkind = 'p',
            array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.attnum > 0),
            array_agg(quote_ident(a.attname) || CASE WHEN own.oid IS NULL THEN '' ELSE '::text::' || format_type(a.atttypid, a.atttypmod) END ORDER BY a.attnum) FILTER (WHERE a.attnum > 0)
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        LEFT JOIN pg_catalog.pg_type AS own ON own.oid = a.atttypid AND own.typnamespace = n.oid
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid IN (own.oid, own.typelem) AND e.deptype = 'e')
        WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
        GROUP BY c.oid ORDER BY c.relname
        """;

    /// <summary>The tables of a schema in the order of their names; partitions go with the table that they are of.</summary>
    public static Task<List<Table>> OfAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
        connection.Command(AllSql).With(schema).ListAsync(
            row => new Table(row.GetInt64(0), row.GetString(1), row.GetBoolean(2), TextsOf(row, 3), TextsOf(row, 4)),
            cancellationToken);

    /// <summary>How it is called in a statement that means this table and not those that inherit from it.</summary>
    public string In(string schema) => $"{(IsParted ? "" : "ONLY ")}{QualifiedIn(schema)}";

    public string QualifiedIn(string schema) => $"{Sql.Quote(schema)}.{Sql.Quote(Name)}";

    /// <summary>A table may have no column.</summary>
    private static string[] TextsOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? [] : row.GetFieldValue<string[]>(column);
}
