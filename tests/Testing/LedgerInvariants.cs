namespace Slipway.Testing;

/// <summary>What is true of a ledger at every moment, whoever wrote it and whoever was killed meanwhile.</summary>
public static class LedgerInvariants
{
    /// <summary>A query; each row that it finds is something that must not be.</summary>
    public const string Violations = """
        SELECT 'two active in stack ' || stack_id FROM slipway.releases WHERE phase = 'active' GROUP BY stack_id HAVING count(*) > 1
        UNION ALL
        SELECT 'two activating in stack ' || stack_id FROM slipway.releases WHERE phase = 'activating' GROUP BY stack_id HAVING count(*) > 1
        UNION ALL
        SELECT 'one that wants to be alone is in flight with others in stack ' || stack_id FROM slipway.releases
        WHERE in_flight GROUP BY stack_id HAVING bool_or(exclusive) AND count(*) > 1
        UNION ALL
        SELECT 'a gap in the versions of ' || stack_name || ' on ' || version_day FROM slipway.releases
        WHERE version_day IS NOT NULL GROUP BY namespace, stack_name, version_day
        HAVING min(version_number) <> 1 OR max(version_number) <> count(*)
        UNION ALL
        SELECT 'in flight after the end of stack ' || s.id FROM slipway.releases r JOIN slipway.stacks s ON s.id = r.stack_id
        WHERE r.in_flight AND s.lifecycle <> 'live'
        UNION ALL
        SELECT 'active after the end of stack ' || s.id FROM slipway.releases r JOIN slipway.stacks s ON s.id = r.stack_id
        WHERE r.phase = 'active' AND s.lifecycle = 'deleted'
        UNION ALL
        SELECT 'ended, and yet it holds or awaits something: release ' || id FROM slipway.releases
        WHERE phase NOT IN ('pending', 'building', 'pushing', 'activating')
          AND (in_flight OR deadline_at IS NOT NULL OR slot_requested_at IS NOT NULL OR finished_at IS NULL)
        UNION ALL
        SELECT 'an illegal move of release ' || release_id FROM slipway.transitions t
        WHERE from_phase IS NOT NULL
          AND NOT EXISTS (SELECT FROM slipway.legal_transitions l WHERE l.from_phase = t.from_phase AND l.to_phase = t.to_phase)
        UNION ALL
        SELECT 'an illegal beginning of release ' || release_id FROM slipway.transitions
        WHERE from_phase IS NULL AND to_phase NOT IN ('pending', 'failed', 'cancelled', 'superseded')
        UNION ALL
        SELECT 'a broken chain of moves of release ' || release_id
        FROM (SELECT release_id, from_phase, lag(to_phase) OVER (PARTITION BY release_id ORDER BY id) AS before FROM slipway.transitions) AS chain
        WHERE from_phase IS DISTINCT FROM before
        UNION ALL
        SELECT 'the last move is not the phase of release ' || r.id FROM slipway.releases r
        WHERE NOT EXISTS (SELECT FROM slipway.transitions t WHERE t.id = r.step AND t.release_id = r.id AND t.to_phase = r.phase)
           OR EXISTS (SELECT FROM slipway.transitions t WHERE t.release_id = r.id AND t.id > r.step)
        UNION ALL
        SELECT 'the stack knows less than its activating release ' || r.id FROM slipway.releases r JOIN slipway.stacks s ON s.id = r.stack_id
        WHERE r.phase = 'activating' AND r.sequence <> s.sequence
        UNION ALL
        SELECT 'an older version became active after a newer one: release ' || id
        FROM (SELECT id, rank, max(rank) OVER (PARTITION BY namespace, stack_name ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
              FROM (SELECT r.id, r.namespace, r.stack_name, t.id AS step, to_char(version_day, 'YYYYMMDD')::bigint * 1000000 + version_number AS rank
                    FROM slipway.transitions t JOIN slipway.releases r ON r.id = t.release_id WHERE t.to_phase = 'active') AS activation) AS activations
        WHERE rank <= before
        UNION ALL
        SELECT 'rolled back by no rollback: release ' || r.id FROM slipway.releases r
        WHERE r.phase = 'rolled_back'
          AND NOT EXISTS (SELECT FROM slipway.releases b WHERE b.id = r.superseded_by AND b.source = 'rollback')
        UNION ALL
        SELECT 'a gap in the revisions of stack ' || stack_id FROM slipway.env_revisions
        GROUP BY stack_id HAVING min(number) <> 1 OR max(number) <> count(*)
        UNION ALL
        SELECT 'another revision than the newest of stack ' || s.id FROM slipway.stacks s
        WHERE s.env_revision IS DISTINCT FROM (SELECT max(number) FROM slipway.env_revisions e WHERE e.stack_id = s.id)
        UNION ALL
        SELECT 'an audit that lies: revision ' || number || ' of stack ' || stack_id
        FROM (SELECT *, coalesce(lag(keys) OVER (PARTITION BY stack_id ORDER BY number), '{}') AS before FROM slipway.env_revisions) AS revision
        WHERE NOT keys_set <@ keys OR NOT keys <@ (before || keys_set) OR keys_unset && keys OR NOT before <@ (keys || keys_unset) OR NOT keys_unset <@ before
        UNION ALL
        SELECT 'counts that are not those of the audit: patch ' || p.id
        FROM slipway.env_patches p JOIN slipway.env_revisions e ON e.stack_id = p.stack_id AND e.number = p.revision AND e.patch_uid = p.uid
        WHERE p.keys_set <> cardinality(e.keys_set) OR p.keys_unset <> cardinality(e.keys_unset)
           OR p.total_keys <> cardinality(e.keys) OR p.total_bytes <> e.total_bytes
        UNION ALL
        SELECT 'owners of team ' || t.id || ': ' || count(m.team_id) FROM slipway.teams t
        LEFT JOIN slipway.team_members m ON m.team_id = t.id AND m.role = 'owner'
        GROUP BY t.id HAVING count(m.team_id) <> CASE WHEN t.lifecycle = 'live' THEN 1 ELSE 0 END
        UNION ALL
        SELECT 'another owner than its member of that role: team ' || t.id FROM slipway.teams t
        JOIN slipway.team_members m ON m.team_id = t.id AND m.role = 'owner' WHERE m.subject IS DISTINCT FROM t.owner
        UNION ALL
        SELECT 'a team without a slug: ' || t.id FROM slipway.teams t
        WHERE t.lifecycle = 'live' AND NOT EXISTS (SELECT FROM slipway.slugs g WHERE g.team_id = t.id)
        UNION ALL
        SELECT 'a slug of what is deleted: ' || g.kind || ' ' || g.slug FROM slipway.slugs g
        LEFT JOIN slipway.stacks s ON s.id = g.stack_id LEFT JOIN slipway.teams t ON t.id = g.team_id
        WHERE s.lifecycle = 'deleted' OR t.lifecycle = 'deleted'
        UNION ALL
        SELECT 'bound to a deleted team: stack ' || s.id FROM slipway.stacks s JOIN slipway.teams t ON t.id = s.team_id
        WHERE s.lifecycle <> 'deleted' AND t.lifecycle = 'deleted'
        """;
}
