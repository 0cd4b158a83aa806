namespace Slipway.DemoData.Catalog;

/// <summary>
/// The queries of <see cref="SchemaCatalog"/>: each gives one line for each object of a kind. What may be missing is said with a word before
/// it, so that no two things read the same; numbers of objects, which differ from schema to schema, are never said.
/// </summary>
internal static class CatalogSql
{
    /// <summary>The objects of the schema $1, without those of extensions; and everything that belongs to them, such as triggers.</summary>
    private const string Scope =
        """
        WITH RECURSIVE space AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1),
        extended AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'),
        relation AS (
            SELECT c.* FROM pg_catalog.pg_class AS c JOIN space ON c.relnamespace = space.oid
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c', 'f', 'S')
                AND NOT EXISTS (SELECT FROM extended AS e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid)
        ),
        type AS (
            SELECT t.* FROM pg_catalog.pg_type AS t JOIN space ON t.typnamespace = space.oid
            WHERE NOT EXISTS (SELECT FROM extended AS e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid)
        ),
        routine AS (
            SELECT p.* FROM pg_catalog.pg_proc AS p JOIN space ON p.pronamespace = space.oid
            WHERE NOT EXISTS (SELECT FROM extended AS e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid)
        ),
        direct AS (
            SELECT d.classid, d.objid, i.type, i.identity FROM pg_catalog.pg_depend AS d JOIN space ON d.refobjid = space.oid
            CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS i
            WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.deptype = 'n' AND i.type NOT IN ('extension', 'default acl', 'publication namespace')
                AND NOT EXISTS (SELECT FROM extended AS e WHERE e.classid = d.classid AND e.objid = d.objid)
        ),
        inside(classid, objid) AS (
            SELECT classid, objid FROM direct
            UNION
            SELECT d.classid, d.objid FROM inside JOIN pg_catalog.pg_depend AS d ON d.refclassid = inside.classid AND d.refobjid = inside.objid
            WHERE d.deptype IN ('a', 'i', 'P', 'S')
        )
        """;

    private const string Relations =
        """
        SELECT concat_ws(' ', 'relation', r.relname, r.relkind, r.relpersistence, 'with ' || r.reloptions::text, r.relrowsecurity, r.relforcerowsecurity, r.relreplident,
            'using ' || (SELECT amname FROM pg_catalog.pg_am WHERE oid = r.relam), 'by ' || pg_get_partkeydef(r.oid), 'part ' || pg_get_expr(r.relpartbound, r.oid),
            'of ' || nullif(r.reloftype, 0)::regtype::text, 'toast ' || (SELECT reloptions::text FROM pg_catalog.pg_class WHERE oid = r.reltoastrelid),
            'tablespace ' || (SELECT spcname FROM pg_catalog.pg_tablespace WHERE oid = r.reltablespace),
            'inherits ' || (SELECT string_agg(inhparent::regclass::text, ',' ORDER BY inhseqno) FROM pg_catalog.pg_inherits WHERE inhrelid = r.oid),
            (SELECT concat('server ', srvname, ' ', ftoptions) FROM pg_catalog.pg_foreign_table JOIN pg_catalog.pg_foreign_server AS s ON s.oid = ftserver WHERE ftrelid = r.oid))
        FROM relation AS r
        UNION ALL
        SELECT concat_ws(' ', 'column', r.relname, row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN 'not null' END, 'default ' || pg_get_expr(d.adbin, d.adrelid), 'identity ' || nullif(a.attidentity::text, ''),
            'generated ' || nullif(a.attgenerated::text, ''), 'collate ' || nullif(a.attcollation, 0)::regcollation::text, a.attstorage,
            'compression ' || nullif(to_jsonb(a) ->> 'attcompression', ''), 'with ' || a.attoptions::text, 'statistics ' || nullif(a.attstattarget, -1),
            CASE WHEN NOT a.attislocal THEN 'inherited' END, 'options ' || a.attfdwoptions::text)
        FROM relation AS r
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = r.oid AND d.adnum = a.attnum
        WHERE r.relkind <> 'S'
        UNION ALL
        SELECT concat_ws(' ', 'constraint', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid), CASE WHEN NOT k.convalidated THEN 'not valid' END,
            CASE WHEN NOT k.conislocal THEN 'inherited' END)
        FROM pg_catalog.pg_constraint AS k JOIN relation AS r ON r.oid = k.conrelid
        UNION ALL
        SELECT concat_ws(' ', 'enforced', k.conrelid::regclass, k.conname, 'on', t.tgrelid::regclass, t.tgfoid::regproc, t.tgenabled)
        FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_constraint AS k ON k.oid = t.tgconstraint JOIN relation AS r ON r.oid = k.conrelid WHERE t.tgisinternal
        UNION ALL
        SELECT concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident,
            'tablespace ' || (SELECT spcname FROM pg_catalog.pg_tablespace WHERE oid = c.reltablespace),
            'part of ' || (SELECT inhparent::regclass::text FROM pg_catalog.pg_inherits WHERE inhrelid = c.oid),
            'statistics ' || (SELECT string_agg(concat(attnum, ':', attstattarget), ',' ORDER BY attnum) FROM pg_catalog.pg_attribute WHERE attrelid = c.oid AND nullif(attstattarget, -1) IS NOT NULL))
        FROM pg_catalog.pg_index AS i JOIN relation AS r ON r.oid = i.indrelid JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
        UNION ALL
        SELECT concat_ws(' ', 'view', r.relname, pg_get_viewdef(r.oid)) FROM relation AS r WHERE r.relkind IN ('v', 'm')
        UNION ALL
        SELECT concat_ws(' ', 'trigger', r.relname, t.tgenabled, pg_get_triggerdef(t.oid))
        FROM pg_catalog.pg_trigger AS t JOIN relation AS r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
        UNION ALL
        SELECT concat_ws(' ', 'rule', r.relname, u.ev_enabled, pg_get_ruledef(u.oid))
        FROM pg_catalog.pg_rewrite AS u JOIN relation AS r ON r.oid = u.ev_class WHERE u.rulename <> '_RETURN'
        UNION ALL
        SELECT concat_ws(' ', 'policy', r.relname, p.polname, p.polcmd, p.polpermissive, 'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid),
            'to ' || (SELECT string_agg(coalesce(rolname, 'public'), ',' ORDER BY rolname) FROM unnest(p.polroles) AS one LEFT JOIN pg_catalog.pg_roles ON pg_roles.oid = one))
        FROM pg_catalog.pg_policy AS p JOIN relation AS r ON r.oid = p.polrelid
        UNION ALL
        SELECT concat_ws(' ', 'sequence', r.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
            (SELECT concat('of ', refobjid::regclass, '.', attname) FROM pg_catalog.pg_depend JOIN pg_catalog.pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
                WHERE classid = 'pg_catalog.pg_class'::regclass AND objid = r.oid AND refclassid = classid AND deptype IN ('a', 'i')))
        FROM pg_catalog.pg_sequence AS s JOIN relation AS r ON r.oid = s.seqrelid
        UNION ALL
        SELECT concat_ws(' ', 'statistics', pg_get_statisticsobjdef(s.oid), s.stxstattarget)
        FROM pg_catalog.pg_statistic_ext AS s JOIN direct AS own ON own.classid = 'pg_catalog.pg_statistic_ext'::regclass AND own.objid = s.oid
        """;

    private const string Types =
        """
        SELECT concat_ws(' ', 'type', t.typname, t.typtype, t.typisdefined, t.typlen, t.typbyval, t.typalign, t.typstorage, t.typcategory, t.typispreferred, t.typdelim,
            t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, 'of ' || format_type(nullif(t.typbasetype, 0), t.typtypmod),
            CASE WHEN t.typnotnull THEN 'not null' END, 'default ' || t.typdefault, 'collate ' || nullif(t.typcollation, 0)::regcollation::text,
            'labels ' || (SELECT string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder) FROM pg_catalog.pg_enum WHERE enumtypid = t.oid),
            (SELECT concat_ws(' ', 'range of', format_type(rngsubtype, NULL), (SELECT opcname FROM pg_catalog.pg_opclass WHERE oid = rngsubopc),
                    nullif(rngcollation, 0)::regcollation, rngcanonical, rngsubdiff, (to_jsonb(g) ->> 'rngmultitypid')::oid::regtype)
                FROM pg_catalog.pg_range AS g WHERE rngtypid = t.oid))
        FROM type AS t WHERE t.typtype IN ('e', 'd', 'r', 'b', 'p') AND t.typelem = 0
        UNION ALL
        SELECT concat_ws(' ', 'constraint of', format_type(k.contypid, NULL), k.conname, pg_get_constraintdef(k.oid), CASE WHEN NOT k.convalidated THEN 'not valid' END)
        FROM pg_catalog.pg_constraint AS k JOIN type AS t ON t.oid = k.contypid
        UNION ALL
        SELECT concat_ws(' ', 'cast', format_type(c.castsource, NULL), format_type(c.casttarget, NULL), c.castfunc::regprocedure, c.castcontext, c.castmethod)
        FROM pg_catalog.pg_cast AS c WHERE EXISTS (SELECT FROM type AS t WHERE t.oid IN (c.castsource, c.casttarget))
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS t WHERE t.oid IN (c.castsource, c.casttarget)
                AND t.typnamespace <> 'pg_catalog'::regnamespace AND t.typnamespace NOT IN (SELECT oid FROM space))
            AND NOT EXISTS (SELECT FROM extended AS e WHERE e.classid = 'pg_catalog.pg_cast'::regclass AND e.objid = c.oid)
        UNION ALL
        SELECT concat_ws(' ', 'collation', c.collname, (to_jsonb(c) - ARRAY['oid', 'collname', 'collnamespace', 'collowner', 'collversion'])::text)
        FROM pg_catalog.pg_collation AS c JOIN direct AS own ON own.classid = 'pg_catalog.pg_collation'::regclass AND own.objid = c.oid
        UNION ALL
        SELECT concat_ws(' ', 'conversion', c.conname, c.conforencoding, c.contoencoding, c.conproc, c.condefault)
        FROM pg_catalog.pg_conversion AS c JOIN direct AS own ON own.classid = 'pg_catalog.pg_conversion'::regclass AND own.objid = c.oid
        """;

    private const string Routines =
        """
        SELECT concat_ws(' ', 'routine', p.oid::regprocedure, p.prokind, CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) ELSE pg_get_function_result(p.oid) END, p.proparallel,
            (SELECT concat_ws(' ', aggkind, aggnumdirectargs, aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn, aggfinalextra,
                    aggmfinalextra, aggfinalmodify, aggmfinalmodify, aggsortop::regoperator, aggtranstype::regtype, aggtransspace, aggmtranstype::regtype, aggmtransspace,
                    'begins ' || agginitval, 'moving begins ' || aggminitval)
                FROM pg_catalog.pg_aggregate WHERE aggfnoid = p.oid))
        FROM routine AS p
        UNION ALL
        SELECT concat_ws(' ', 'operator', o.oid::regoperator, o.oprcode::oid::regprocedure, o.oprresult::regtype, o.oprcom::regoperator, o.oprnegate::regoperator,
            o.oprrest, o.oprjoin, o.oprcanmerge, o.oprcanhash)
        FROM pg_catalog.pg_operator AS o JOIN direct AS own ON own.classid = 'pg_catalog.pg_operator'::regclass AND own.objid = o.oid
        UNION ALL
        SELECT concat_ws(' ', 'operator class', c.opcmethod, c.opcname, f.opfname, c.opcintype::regtype, c.opcdefault, nullif(c.opckeytype, 0)::regtype)
        FROM pg_catalog.pg_opclass AS c JOIN direct AS own ON own.classid = 'pg_catalog.pg_opclass'::regclass AND own.objid = c.oid JOIN pg_catalog.pg_opfamily AS f ON f.oid = c.opcfamily
        UNION ALL
        SELECT concat_ws(' ', 'operator of a family', f.opfname, o.amopstrategy, o.amoppurpose, o.amopopr::regoperator, (SELECT opfname FROM pg_catalog.pg_opfamily WHERE oid = o.amopsortfamily))
        FROM pg_catalog.pg_amop AS o JOIN pg_catalog.pg_opfamily AS f ON f.oid = o.amopfamily JOIN direct AS own ON own.classid = 'pg_catalog.pg_opfamily'::regclass AND own.objid = f.oid
        UNION ALL
        SELECT concat_ws(' ', 'function of a family', f.opfname, p.amprocnum, p.amproclefttype::regtype, p.amprocrighttype::regtype, p.amproc::oid::regprocedure)
        FROM pg_catalog.pg_amproc AS p JOIN pg_catalog.pg_opfamily AS f ON f.oid = p.amprocfamily JOIN direct AS own ON own.classid = 'pg_catalog.pg_opfamily'::regclass AND own.objid = f.oid
        """;

    private const string Searches =
        """
        SELECT concat_ws(' ', 'text search', c.cfgname, p.prsname, m.maptokentype, m.mapseqno, m.mapdict::regdictionary)
        FROM pg_catalog.pg_ts_config AS c JOIN direct AS own ON own.classid = 'pg_catalog.pg_ts_config'::regclass AND own.objid = c.oid JOIN pg_catalog.pg_ts_parser AS p ON p.oid = c.cfgparser
        LEFT JOIN pg_catalog.pg_ts_config_map AS m ON m.mapcfg = c.oid
        UNION ALL
        SELECT concat_ws(' ', 'dictionary', d.dictname, (pg_identify_object('pg_catalog.pg_ts_template'::regclass, d.dicttemplate, 0)).identity, d.dictinitoption)
        FROM pg_catalog.pg_ts_dict AS d JOIN direct AS own ON own.classid = 'pg_catalog.pg_ts_dict'::regclass AND own.objid = d.oid
        UNION ALL
        SELECT concat_ws(' ', 'template', t.tmplname, t.tmplinit, t.tmpllexize) FROM pg_catalog.pg_ts_template AS t JOIN direct AS own ON own.classid = 'pg_catalog.pg_ts_template'::regclass AND own.objid = t.oid
        UNION ALL
        SELECT concat_ws(' ', 'parser', p.prsname, p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype) FROM pg_catalog.pg_ts_parser AS p JOIN direct AS own ON own.classid = 'pg_catalog.pg_ts_parser'::regclass AND own.objid = p.oid
        """;

    /// <summary>That everything is there, also what is not known to any other query; and what is said of it.</summary>
    private const string Everything =
        """
        SELECT concat_ws(' ', 'object', type, identity) FROM direct
        UNION ALL
        SELECT concat_ws(' ', 'comment on', i.type, i.identity, m.description)
        FROM inside JOIN pg_catalog.pg_description AS m ON m.classoid = inside.classid AND m.objoid = inside.objid
        CROSS JOIN LATERAL pg_identify_object(m.classoid, m.objoid, m.objsubid) AS i
        """;

    /// <summary>All of them.</summary>
    public const string Lines = $"{Scope}\n{Relations}\nUNION ALL\n{Types}\nUNION ALL\n{Routines}\nUNION ALL\n{Searches}\nUNION ALL\n{Everything}";
}
