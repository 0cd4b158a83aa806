using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>A table whose rows are made new.</summary>
/// <param name="Oid">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsParted">Whether its rows lie in partitions.</param>
/// <param name="Columns">Names of the columns that can be written.</param>
/// <param name="Triggers">Names of the triggers that people have made and that are at work.</param>
internal sealed record Table(long Oid, string Name, bool IsParted, string[] Columns, string[] Triggers)
{
    private const string AllSql =
        """
        SELECT c.oid::bigint, c.relname, c.relkind = 'p',
            ARRAY (SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum),
            ARRAY (SELECT t.tgname::text FROM pg_catalog.pg_trigger AS t
                WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled = 'O' AND t.tgparentid = 0 ORDER BY t.tgname)
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
        ORDER BY c.relname
        """;

    /// <summary>The tables of a schema in the order of their names; partitions go with the table that they are of.</summary>
    public static Task<List<Table>> OfAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
        connection.Command(AllSql).With(schema).ListAsync(
            row => new Table(row.GetInt64(0), row.GetString(1), row.GetBoolean(2), row.GetFieldValue<string[]>(3), row.GetFieldValue<string[]>(4)),
            cancellationToken);

    /// <summary>How it is called in a statement that means this table and not those that inherit from it.</summary>
    public string In(string schema) => $"{(IsParted ? "" : "ONLY ")}{QualifiedIn(schema)}";

    public string QualifiedIn(string schema) => $"{Sql.Quote(schema)}.{Sql.Quote(Name)}";
}
