using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>Something that lies directly in a schema, and can be moved into another.</summary>
/// <param name="Kind">In the words of SQL, for example <c>TABLE</c> or <c>TEXT SEARCH CONFIGURATION</c>.</param>
/// <param name="Identity">Its name with schema, and with its arguments where it has some.</param>
internal sealed record SchemaObject(string Kind, string Identity)
{
    /// <summary>
    /// What belongs to an extension stays where it is, with its extension; what belongs to a table (its sequences, indexes, row type) goes
    /// where the table goes.
    /// </summary>
    private const string InSql =
        """
        SELECT i.type, i.identity
        FROM pg_catalog.pg_depend AS d
        JOIN pg_catalog.pg_namespace AS space ON space.oid = d.refobjid AND space.nspname = $1
        CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS i
        WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.deptype = 'n'
            AND i.type NOT IN ('extension', 'default acl', 'publication namespace')
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = d.classid AND e.objid = d.objid
                AND (e.deptype = 'e' OR (i.type = 'sequence' AND e.deptype IN ('a', 'i') AND e.refclassid = 'pg_catalog.pg_class'::regclass)))
        ORDER BY i.type, i.identity
        """;

    public static Task<List<SchemaObject>> InAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
        connection.Command(InSql).With(schema)
            .ListAsync(row => new SchemaObject(KindOf(row.GetString(0)), row.GetString(1)), cancellationToken);

    /// <summary>The statement that moves it.</summary>
    public string MoveTo(string schema) => $"ALTER {Kind} {Identity} SET SCHEMA {Sql.Quote(schema)}";

    private static string KindOf(string type) => type switch
    {
        "composite type" => "TYPE",
        // An aggregate of nothing has no arguments here, but a star in ALTER AGGREGATE.
        "function" or "procedure" or "aggregate" => "ROUTINE",
        "statistics object" => "STATISTICS",
        _ => type.ToUpperInvariant(),
    };
}
