using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>
/// Everything that a schema is made of, but its rows: one line of text for each table, column, constraint, index, view, type, function
/// and so on, as the server would write it. Two schemas with equal lines are the same but for their rows. What belongs to an extension is
/// left out, and so are owners and privileges, which are not the schema's own.
/// </summary>
internal static class SchemaCatalog
{
    /// <summary>Of the objects of the schema $1: kind, class and number, without those of extensions.</summary>
    private const string LinesSql =
        """
        WITH space AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1),
        extended AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'),
        relation AS (
            SELECT c.* FROM pg_catalog.pg_class AS c JOIN space ON c.relnamespace = space.oid
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c', 'f', 'S')
                AND NOT EXISTS (SELECT FROM extended AS e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid)
        ),
        type AS (
            SELECT t.* FROM pg_catalog.pg_type AS t JOIN space ON t.typnamespace = space.oid
            WHERE t.typtype IN ('e', 'd', 'r', 'b') AND t.typelem = 0
                AND NOT EXISTS (SELECT FROM extended AS e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid)
        ),
        routine AS (
            SELECT p.* FROM pg_catalog.pg_proc AS p JOIN space ON p.pronamespace = space.oid
            WHERE NOT EXISTS (SELECT FROM extended AS e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid)
        )
        SELECT concat_ws(' ', 'relation', r.relname, r.relkind, r.relpersistence, r.reloptions::text, r.relrowsecurity, r.relforcerowsecurity, r.relreplident,
            (SELECT amname FROM pg_catalog.pg_am WHERE oid = r.relam), pg_get_partkeydef(r.oid), pg_get_expr(r.relpartbound, r.oid),
            (SELECT string_agg(inhparent::regclass::text, ',' ORDER BY inhseqno) FROM pg_catalog.pg_inherits WHERE inhrelid = r.oid), obj_description(r.oid, 'pg_class'))
        FROM relation AS r
        UNION ALL
        SELECT concat_ws(' ', 'column', r.relname, row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN 'not null' END, 'default ' || pg_get_expr(d.adbin, d.adrelid), 'identity ' || nullif(a.attidentity::text, ''),
            'generated ' || nullif(a.attgenerated::text, ''), 'collate ' || nullif(a.attcollation, 0)::regcollation::text, a.attstorage, a.attoptions::text,
            nullif(a.attstattarget, -1), col_description(r.oid, a.attnum))
        FROM relation AS r
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = r.oid AND d.adnum = a.attnum
        WHERE r.relkind <> 'S'
        UNION ALL
        SELECT concat_ws(' ', 'constraint', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid), CASE WHEN NOT k.convalidated THEN 'not valid' END, obj_description(k.oid, 'pg_constraint'))
        FROM pg_catalog.pg_constraint AS k JOIN relation AS r ON r.oid = k.conrelid
        UNION ALL
        SELECT concat_ws(' ', 'constraint of', format_type(k.contypid, NULL), k.conname, pg_get_constraintdef(k.oid), CASE WHEN NOT k.convalidated THEN 'not valid' END)
        FROM pg_catalog.pg_constraint AS k JOIN type AS t ON t.oid = k.contypid
        UNION ALL
        SELECT concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident, obj_description(i.indexrelid, 'pg_class'))
        FROM pg_catalog.pg_index AS i JOIN relation AS r ON r.oid = i.indrelid
        UNION ALL
        SELECT concat_ws(' ', 'view', r.relname, pg_get_viewdef(r.oid)) FROM relation AS r WHERE r.relkind IN ('v', 'm')
        UNION ALL
        SELECT concat_ws(' ', 'trigger', r.relname, t.tgenabled, pg_get_triggerdef(t.oid))
        FROM pg_catalog.pg_trigger AS t JOIN relation AS r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
        UNION ALL
        SELECT concat_ws(' ', 'rule', r.relname, u.ev_enabled, pg_get_ruledef(u.oid))
        FROM pg_catalog.pg_rewrite AS u JOIN relation AS r ON r.oid = u.ev_class WHERE u.rulename <> '_RETURN'
        UNION ALL
        SELECT concat_ws(' ', 'policy', r.relname, p.polname, p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid),
            (SELECT string_agg(coalesce(rolname, 'public'), ',' ORDER BY rolname) FROM unnest(p.polroles) AS one LEFT JOIN pg_catalog.pg_roles ON pg_roles.oid = one))
        FROM pg_catalog.pg_policy AS p JOIN relation AS r ON r.oid = p.polrelid
        UNION ALL
        SELECT concat_ws(' ', 'sequence', r.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
            (SELECT concat(refobjid::regclass, '.', refobjsubid) FROM pg_catalog.pg_depend
                WHERE classid = 'pg_catalog.pg_class'::regclass AND objid = r.oid AND refclassid = classid AND deptype IN ('a', 'i')))
        FROM pg_catalog.pg_sequence AS s JOIN relation AS r ON r.oid = s.seqrelid
        UNION ALL
        SELECT concat_ws(' ', 'statistics', pg_get_statisticsobjdef(s.oid), s.stxstattarget)
        FROM pg_catalog.pg_statistic_ext AS s JOIN space ON s.stxnamespace = space.oid
        UNION ALL
        SELECT concat_ws(' ', 'type', t.typname, t.typtype, format_type(nullif(t.typbasetype, 0), t.typtypmod), CASE WHEN t.typnotnull THEN 'not null' END, 'default ' || t.typdefault,
            'collate ' || nullif(t.typcollation, 0)::regcollation::text, (SELECT string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder) FROM pg_catalog.pg_enum WHERE enumtypid = t.oid),
            (SELECT format_type(rngsubtype, NULL) FROM pg_catalog.pg_range WHERE rngtypid = t.oid), obj_description(t.oid, 'pg_type'))
        FROM type AS t
        UNION ALL
        SELECT concat_ws(' ', 'routine', p.oid::regprocedure, p.prokind, CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END,
            (SELECT concat_ws(' ', aggtransfn, aggfinalfn, aggcombinefn, aggtranstype::regtype, agginitval, aggsortop::regoperator) FROM pg_catalog.pg_aggregate WHERE aggfnoid = p.oid),
            obj_description(p.oid, 'pg_proc'))
        FROM routine AS p
        UNION ALL
        SELECT concat_ws(' ', 'object', i.type, i.identity)
        FROM pg_catalog.pg_depend AS d JOIN space ON d.refobjid = space.oid
        CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS i
        WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.deptype = 'n'
            AND i.type NOT IN ('extension', 'default acl', 'publication namespace')
            AND NOT EXISTS (SELECT FROM extended AS e WHERE e.classid = d.classid AND e.objid = d.objid)
        """;

    /// <summary>The lines, sorted. The names in them are qualified whatever the search path is, which is as before afterwards.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        var path = await connection.Command("SELECT set_config('search_path', current_setting('search_path'), true)").ScalarAsync<string>(cancellationToken);
        await connection.RunAsync("SET LOCAL search_path = ''", cancellationToken);
        var lines = await connection.Command(LinesSql).With(schema).TextsAsync(cancellationToken);
        await connection.Command("SELECT set_config('search_path', $1, true)").With(path!).ScalarAsync<string>(cancellationToken);
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
