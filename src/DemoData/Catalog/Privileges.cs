using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>Owners and grants are no part of migrations: people and other tools set them, and they outlive a reset.</summary>
internal static class Privileges
{
    /// <summary>Who may do what in the schema $1: whoever is given a table has to be allowed to have one.</summary>
    private const string SchemaSql =
        """
        SELECT format('GRANT %s ON SCHEMA %I TO %s', a.privilege_type, n.nspname, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
        FROM pg_catalog.pg_namespace AS n CROSS JOIN LATERAL aclexplode(n.nspacl) AS a WHERE n.nspname = $1
        """;

    /// <summary>What objects that are yet to be made in the schema $1 will be given.</summary>
    private const string DefaultsSql =
        """
        SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA %I GRANT %s ON %s TO %s%s',
            d.defaclrole::regrole::text, n.nspname, a.privilege_type,
            CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' END,
            CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM pg_catalog.pg_default_acl AS d
        JOIN pg_catalog.pg_namespace AS n ON n.oid = d.defaclnamespace
        CROSS JOIN LATERAL aclexplode(d.defaclacl) AS a
        WHERE n.nspname = $1 AND pg_has_role(d.defaclrole, 'USAGE') AND d.defaclobjtype IN ('r', 'S', 'f', 'T')
        """;

    /// <summary>
    /// For whatever is in both schemas, $1 (old) and $2 (new), under the same name: the owner and the grants of the old one, said of the
    /// new one. Functions and types may be used by everybody unless that was taken away, so their grants are made anew.
    /// </summary>
    private const string CopySql =
        """
        WITH thing AS (
            SELECT n.nspname AS space, CASE WHEN c.relkind = 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.relname AS name, NULL::text AS part,
                c.relowner AS owner, c.relacl AS acl, c.relkind::text AS relkind,
                c.relkind = 'S' AND EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
                    AND d.refclassid = d.classid) AS follows
            FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            UNION ALL
            SELECT n.nspname, CASE p.prokind WHEN 'a' THEN 'AGGREGATE' WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.proname, pg_get_function_identity_arguments(p.oid),
                p.proowner, p.proacl, NULL, false
            FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
            UNION ALL
            SELECT n.nspname, CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.typname, NULL, t.typowner, t.typacl, NULL, false
            FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace 
            WHERE t.typtype IN ('e', 'd', 'r') AND t.typelem = 0 OR t.typtype = 'c' AND (SELECT relkind FROM pg_catalog.pg_class WHERE oid = t.typrelid) = 'c'
        ),
        pair AS (
            SELECT new.*, old.owner AS old_owner, old.acl AS old_acl,
                CASE new.kind WHEN 'AGGREGATE' THEN format('%I.%I(%s)', new.space, new.name, coalesce(nullif(new.part, ''), '*'))
                    WHEN 'FUNCTION' THEN format('%I.%I(%s)', new.space, new.name, new.part) WHEN 'PROCEDURE' THEN format('%I.%I(%s)', new.space, new.name, new.part)
                    ELSE format('%I.%I', new.space, new.name) END AS identity
            FROM thing AS old JOIN thing AS new ON new.space = $2 AND new.kind = old.kind AND new.name = old.name
                AND replace(coalesce(new.part, ''), quote_ident($2) || '.', quote_ident($1) || '.') = coalesce(old.part, '')
            WHERE old.space = $1
        )
        SELECT statement FROM (
            SELECT 1 AS turn, identity, format('ALTER %s %s OWNER TO %s', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE kind END,
                identity, old_owner::regrole) AS statement
            FROM pair WHERE old_owner <> owner AND NOT follows
            UNION ALL
            SELECT 2, identity, format('REVOKE ALL ON %s %s FROM PUBLIC', CASE kind WHEN 'AGGREGATE' THEN 'ROUTINE' ELSE kind END, CASE kind WHEN 'AGGREGATE' THEN format('%I.%I(%s)', space, name, part) ELSE identity END)
            FROM pair WHERE old_acl IS NOT NULL AND kind IN ('FUNCTION', 'PROCEDURE', 'AGGREGATE', 'TYPE', 'DOMAIN')
            UNION ALL
            SELECT 3, identity, format('GRANT %s ON %s %s TO %s%s', a.privilege_type, CASE kind WHEN 'AGGREGATE' THEN 'ROUTINE' ELSE kind END, CASE kind WHEN 'AGGREGATE' THEN format('%I.%I(%s)', space, name, part) ELSE identity END,
                CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pair CROSS JOIN LATERAL aclexplode(old_acl) AS a WHERE a.grantee <> old_owner
        ) AS statements ORDER BY turn, identity, statement
        """;

    /// <summary>Privileges on single columns, of columns that are in both.</summary>
    private const string ColumnsSql =
        """
        SELECT format('GRANT %s (%I) ON %I.%I TO %s%s', a.privilege_type, column_.attname, $2, t.relname,
            CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM pg_catalog.pg_class AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace AND n.nspname = $1
        JOIN pg_catalog.pg_attribute AS column_ ON column_.attrelid = t.oid AND column_.attnum > 0 AND NOT column_.attisdropped
        CROSS JOIN LATERAL aclexplode(column_.attacl) AS a
        WHERE EXISTS (SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS m ON m.oid = c.relnamespace AND m.nspname = $2
            JOIN pg_catalog.pg_attribute AS b ON b.attrelid = c.oid AND b.attname = column_.attname AND NOT b.attisdropped WHERE c.relname = t.relname)
        """;

    /// <summary>The statements that give the schema, made anew under the same name, the grants and default privileges that it has.</summary>
    public static async Task<IReadOnlyList<string>> OfSchemaAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
    [
        .. await connection.Command(SchemaSql).With(schema).TextsAsync(cancellationToken),
        .. await connection.Command(DefaultsSql).With(schema).TextsAsync(cancellationToken),
    ];

    /// <summary>The statements that give what is in the new schema the owners and grants of its namesakes in the old one.</summary>
    public static Task<IReadOnlyList<string>> OfNamesakesAsync(NpgsqlConnection connection, string old, string @new, CancellationToken cancellationToken) =>
        SearchPath.WithoutAsync<IReadOnlyList<string>>(
            connection,
            async () =>
            [
                .. await connection.Command(CopySql).With(old).With(@new).TextsAsync(cancellationToken),
                .. await connection.Command(ColumnsSql).With(old).With(@new).TextsAsync(cancellationToken),
            ],
            cancellationToken);
}
