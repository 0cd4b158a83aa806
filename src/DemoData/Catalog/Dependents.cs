using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>What outside of a schema would go if its contents went.</summary>
internal static class Dependents
{
    /// <summary>
    /// First everything inside, with what belongs to it (row types, indexes, constraints, triggers...); then what hangs on that and does not
    /// belong to it. A table's place in a publication belongs to the table by the server's rules, but is somebody's decision; so is a partition
    /// that lies elsewhere.
    /// </summary>
    private const string OutsideSql =
        """
        WITH RECURSIVE inside(classid, objid) AS (
            SELECT d.classid, d.objid FROM pg_catalog.pg_depend AS d
            WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1) AND d.deptype = 'n'
                AND (pg_identify_object(d.classid, d.objid, 0)).type NOT IN ('extension', 'default acl', 'publication namespace')
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e')
            UNION
            SELECT d.classid, d.objid FROM inside JOIN pg_catalog.pg_depend AS d ON d.refclassid = inside.classid AND d.refobjid = inside.objid
            WHERE d.deptype IN ('a', 'i', 'P', 'S') AND d.classid <> 'pg_catalog.pg_publication_rel'::regclass
                AND NOT (d.classid = 'pg_catalog.pg_class'::regclass AND EXISTS (SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
                    WHERE c.oid = d.objid AND c.relispartition AND n.nspname <> $1))
        )
        SELECT DISTINCT coalesce(
            (SELECT pg_describe_object('pg_catalog.pg_class'::regclass, r.ev_class, 0) FROM pg_catalog.pg_rewrite AS r WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid),
            pg_describe_object(d.classid, d.objid, d.objsubid)) AS dependent
        FROM inside JOIN pg_catalog.pg_depend AS d ON d.refclassid = inside.classid AND d.refobjid = inside.objid
        WHERE NOT EXISTS (SELECT FROM inside AS i WHERE i.classid = d.classid AND i.objid = d.objid)
            AND d.deptype IN ('n', 'a') AND d.classid <> 'pg_catalog.pg_extension'::regclass
            -- A cast lies in no schema: it is of this one if all that it needs is.
            AND NOT (d.classid = 'pg_catalog.pg_cast'::regclass AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS o WHERE o.classid = d.classid AND o.objid = d.objid
                AND NOT EXISTS (SELECT FROM inside AS i WHERE i.classid = o.refclassid AND i.objid = o.refobjid)))
        ORDER BY 1
        """;

    /// <summary>Described as the server does, for example <c>view reporting.revenue</c>.</summary>
    public static async Task<IReadOnlyList<string>> OutsideAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
        await SearchPath.WithoutAsync(connection, () => connection.Command(OutsideSql).With(schema).TextsAsync(cancellationToken), cancellationToken);

    /// <param name="present">Name of the schema now.</param>
    /// <param name="schema">Its name for people.</param>
    /// <exception cref="DemoDataException">There are some: <see cref="DemoDataFault.CannotReplace"/>.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, string present, string schema, CancellationToken cancellationToken)
    {
        var found = (await OutsideAsync(connection, present, cancellationToken)).Select(name => name.Replace($"{present}.", $"{schema}.", StringComparison.Ordinal)).ToList();
        if (found.Count > 0)
        {
            throw new DemoDataException(
                DemoDataFault.CannotReplace,
                $"The present schema is to be replaced by a new one, and {string.Join(", ", found.Take(5))}{(found.Count > 5 ? $" and {found.Count - 5} more" : "")} "
                + $"outside of schema {schema} would be lost with the present one. Nothing was changed. Drop what can go, or move it into the migrations, and run this again.");
        }
    }
}
