using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>
/// Makes the rows of tables new in the caller's transaction. Whoever reads sees the old ones until it is committed, and is never kept waiting;
/// whoever writes waits for the end.
/// </summary>
/// <param name="connection">In a transaction.</param>
/// <param name="schema">Where the tables are.</param>
/// <param name="isWhole">Whether it is all tables of the schema; then all its sequences begin anew, else only those that belong to the tables.</param>
/// <param name="locks">The way to the tables.</param>
internal sealed class RowReplacement(NpgsqlConnection connection, string schema, bool isWhole, TableLocks locks)
{
    private const string CountSql = "SELECT coalesce(sum(n_tup_del), 0)::bigint FROM pg_catalog.pg_stat_xact_user_tables WHERE relid::bigint = ANY ($1)";

    private const string WrittenSql =
        """
        SELECT relid::bigint FROM pg_catalog.pg_stat_xact_user_tables WHERE schemaname = $1 AND n_tup_ins + n_tup_upd + n_tup_del > 0
        UNION
        SELECT i.inhparent::bigint FROM pg_catalog.pg_stat_xact_user_tables AS s JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = s.relid
        WHERE s.schemaname = $1 AND n_tup_ins + n_tup_upd + n_tup_del > 0
        """;

    private IReadOnlyList<Sequences.Position> _former = [];

    /// <summary>Locks writers out, and empties the tables.</summary>
    /// <returns>How many rows were removed.</returns>
    public async Task<long> ClearAsync(IReadOnlyList<Table> tables, CancellationToken cancellationToken)
    {
        if (tables.Count == 0)
        {
            return 0;
        }

        var oids = tables.Select(table => table.Oid).ToArray();
        await locks.RunAsync(() => TryLockAsync(tables, oids, cancellationToken), () => LockHolder(oids, cancellationToken), cancellationToken);
        await Batch.RunAsync(connection, [.. Triggers(tables, "DISABLE")], cancellationToken);
        await connection.RunAsync(Delete(tables), cancellationToken);
        return await connection.Command(CountSql).With(oids).ScalarAsync<long>(cancellationToken);
    }

    /// <summary>Puts in what the migrations have put into the same tables of another schema.</summary>
    public async Task CopyAsync(IReadOnlyList<Table> tables, string from, CancellationToken cancellationToken)
    {
        var filled = new List<Table>();
        foreach (var table in tables)
        {
            if (await connection.Command($"SELECT EXISTS (SELECT FROM {table.In(from)})").ScalarAsync<bool>(cancellationToken))
            {
                filled.Add(table);
            }
        }

        if (filled.Count > 0)
        {
            await connection.RunAsync(Insert(filled, from), cancellationToken);
        }

        await Batch.RunAsync(connection, [.. Sequences.Set(schema, await Sequences.PositionsAsync(connection, from, null, cancellationToken))], cancellationToken);
    }

    /// <summary>From here on the data set is filled in, as into tables that nobody has used yet.</summary>
    public Task OpenAsync(IReadOnlyList<Table> tables, CancellationToken cancellationToken) =>
        Batch.RunAsync(connection, [.. Triggers(tables, "ENABLE")], cancellationToken);

    /// <summary>After the data set: no number is given out twice.</summary>
    public Task CloseAsync(CancellationToken cancellationToken) => Sequences.GoOnAsync(connection, schema, _former, cancellationToken);

    /// <summary>Numbers of the tables of the schema that this transaction has written to.</summary>
    public async Task<IReadOnlySet<long>> WrittenAsync(CancellationToken cancellationToken) =>
        (await connection.Command(WrittenSql).With(schema).ListAsync(row => row.GetInt64(0), cancellationToken)).ToHashSet();

    private async Task<bool> TryLockAsync(IReadOnlyList<Table> tables, long[] oids, CancellationToken cancellationToken)
    {
        await Batch.RunAsync(connection, ["SAVEPOINT locking", TableLocks.Bound], cancellationToken);
        try
        {
            // Those who only read go on; those who mean to write after reading (FOR UPDATE) wait rather than fail.
            await connection.RunAsync($"LOCK TABLE {string.Join(", ", tables.Select(table => table.In(schema)))} IN EXCLUSIVE MODE", cancellationToken);
            _former = await Sequences.PositionsAsync(connection, schema, isWhole ? null : oids, cancellationToken);
            await Batch.RunAsync(connection, [.. Sequences.Restart(schema, _former), "SET LOCAL lock_timeout = 0", "RELEASE locking"], cancellationToken);
            return true;
        }
        catch (PostgresException error) when (Faults.IsInTheWay(error))
        {
            await connection.RunAsync("ROLLBACK TO locking", cancellationToken);
            return false;
        }
    }

    private Task<string> LockHolder(long[] oids, CancellationToken cancellationToken) =>
        Locking.LockHolder.OfRelationsAsync(connection, oids, readersToo: false, cancellationToken);

    /// <summary>In one statement, after which foreign keys are checked: so their order and their circles do not matter.</summary>
    private string Delete(IReadOnlyList<Table> tables) =>
        $"WITH {string.Join(", ", tables.Select((table, number) => $"d{number} AS (DELETE FROM {table.In(schema)})"))} SELECT";

    private string Insert(IReadOnlyList<Table> tables, string from) =>
        $"WITH {string.Join(", ", tables.Select((table, number) =>
        {
            var columns = string.Join(", ", table.Columns.Select(Sql.Quote));
            return $"i{number} AS (INSERT INTO {table.QualifiedIn(schema)} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {table.In(from)})";
        }))} SELECT";

    /// <summary>What people have made to watch their tables is not meant for a data set being taken away, nor for what migrations have put in.</summary>
    private IEnumerable<string> Triggers(IReadOnlyList<Table> tables, string verb) =>
        from table in tables
        from trigger in table.Triggers
        select $"ALTER TABLE {table.QualifiedIn(schema)} {verb} TRIGGER {Sql.Quote(trigger)}";
}
