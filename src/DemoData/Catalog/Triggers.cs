using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>
/// The triggers that people have made to watch their tables, and that are at work: they are not meant for a data set being taken away, nor
/// for what migrations have put in.
/// </summary>
internal static class Triggers
{
    /// <summary>Those of partitions, too: each has a state of its own.</summary>
    private const string AllSql =
        """
        SELECT format('ALTER TABLE ONLY %I.%I ', n.nspname, c.relname), format('TRIGGER %I', t.tgname), CASE t.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS ' ELSE 'ENABLE ' END
        FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND coalesce(pg_partition_root(c.oid)::oid, c.oid)::bigint = ANY ($1)
        ORDER BY c.relispartition, c.oid, t.tgname
        """;

    /// <summary>Turns them off, for this transaction only if it is taken back.</summary>
    /// <param name="tables">Numbers of the tables, which nobody else changes meanwhile.</param>
    /// <returns>The statements that turn them on again, as they were.</returns>
    public static async Task<IReadOnlyList<string>> DisableAsync(NpgsqlConnection connection, long[] tables, CancellationToken cancellationToken)
    {
        var found = await connection.Command(AllSql).With(tables)
            .ListAsync(row => (Table: row.GetString(0), Trigger: row.GetString(1), Enable: row.GetString(2)), cancellationToken);
        await Batch.RunAsync(connection, [.. found.Select(one => $"{one.Table}DISABLE {one.Trigger}")], cancellationToken);
        return [.. found.Select(one => one.Table + one.Enable + one.Trigger)];
    }
}
