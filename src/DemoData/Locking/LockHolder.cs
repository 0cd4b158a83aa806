using Npgsql;

namespace Slipway.DemoData.Locking;

/// <summary>Says who is in the way, so that people can go and ask him.</summary>
internal static class LockHolder
{
    private const string Describe =
        """
        'process ' || activity.pid
            || coalesce(' of ' || quote_literal(nullif(activity.application_name, '')), '')
            || coalesce(' (user ' || activity.usename || coalesce(', from ' || host(activity.client_addr), '') || ')', '')
        """;

    /// <summary>What a process of another role does, and since when, is hidden from us; not whose it is.</summary>
    private const string AdvisorySql =
        $"""
        SELECT coalesce(recorded.identity || ', ', '') || {Describe}
            || coalesce(', since ' || to_char(coalesce(fence.acquired_at, activity.query_start, activity.backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'), '')
        FROM pg_catalog.pg_locks AS held
        JOIN pg_catalog.pg_stat_activity AS activity ON activity.pid = held.pid
        LEFT JOIN slipway_demo.backends AS recorded ON recorded.pid = activity.pid AND recorded.started_at = coalesce(activity.backend_start, recorded.started_at)
        LEFT JOIN slipway_demo.fence AS fence ON fence.holder = recorded.identity
        WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
            AND held.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
            AND held.classid = $1::bigint >> 32 AND held.objid = $1::bigint & 4294967295
        """;

    private const string RelationsSql =
        $"""
        SELECT DISTINCT {Describe} || coalesce(', in a transaction since ' || to_char(activity.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'), '')
        FROM pg_catalog.pg_locks AS held
        JOIN pg_catalog.pg_stat_activity AS activity ON activity.pid = held.pid
        WHERE held.locktype = 'relation' AND held.granted AND held.pid <> pg_backend_pid() AND held.relation::bigint = ANY ($1)
            AND (held.mode <> 'AccessShareLock' OR $2)
        """;

    /// <summary>Who holds an advisory lock of this database; a plain word when that cannot be seen.</summary>
    public static async Task<string> OfAdvisoryAsync(NpgsqlConnection connection, long key, CancellationToken cancellationToken) =>
        Join(await connection.Command(AdvisorySql).With(key).TextsAsync(cancellationToken));

    /// <summary>Who is in the middle of a step.</summary>
    public static async Task<string> OfFenceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var fence = await connection.Command($"SELECT '{Fence.Schema}.fence'::regclass::bigint").ScalarAsync<long>(cancellationToken);
        return await OfRelationsAsync(connection, [fence], readersToo: false, cancellationToken);
    }

    /// <summary>Who holds locks on these tables.</summary>
    /// <param name="readersToo">Whether somebody who only reads is in the way.</param>
    public static async Task<string> OfRelationsAsync(
        NpgsqlConnection connection, long[] relations, bool readersToo, CancellationToken cancellationToken) =>
        Join(await connection.Command(RelationsSql).With(relations).With(readersToo).TextsAsync(cancellationToken));

    private static string Join(List<string> holders) => holders.Count == 0 ? "somebody who has just let go" : string.Join("; ", holders);
}
