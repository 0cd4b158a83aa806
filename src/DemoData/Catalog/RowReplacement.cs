using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>
/// Makes the rows of tables new in the caller's transaction. Whoever reads sees the old ones until it is committed, and is never kept waiting;
/// whoever writes waits for the end.
/// </summary>
/// <param name="connection">In a transaction.</param>
/// <param name="schema">Where the tables are.</param>
/// <param name="isWhole">Whether it is all tables of the schema; then all its sequences begin anew, else only those that serve the tables.</param>
/// <param name="locks">The way to the tables.</param>
internal sealed class RowReplacement(NpgsqlConnection connection, string schema, bool isWhole, TableLocks locks)
{
    private const string CountSql =
        "SELECT coalesce(sum(n_tup_del), 0)::bigint FROM pg_catalog.pg_stat_xact_user_tables WHERE coalesce(pg_partition_root(relid)::oid, relid)::bigint = ANY ($1)";

    /// <summary>Tables other than $1, also of other schemas, of which this transaction has changed or removed rows; and how many.</summary>
    private const string OthersSql =
        """
        SELECT CASE WHEN schemaname = $2 THEN relname::text ELSE format('%I.%I', schemaname, relname) END, n_tup_upd + n_tup_del FROM pg_catalog.pg_stat_xact_user_tables
        WHERE coalesce(pg_partition_root(relid)::oid, relid)::bigint <> ALL ($1) AND n_tup_upd + n_tup_del > 0
        ORDER BY 1
        """;

    private const string WrittenSql =
        """
        SELECT DISTINCT coalesce(pg_partition_root(relid)::oid, relid)::bigint FROM pg_catalog.pg_stat_xact_user_tables
        WHERE schemaname = $1 AND n_tup_ins + n_tup_upd + n_tup_del > 0
        """;

    private IReadOnlyList<Sequences.Position> _former = [];
    private IReadOnlyList<string> _enabling = [];

    /// <summary>Locks writers out, and empties the tables.</summary>
    /// <exception cref="PostgresException">A foreign key of another table forbids it (23503), or a rule stands for the removal (0A000).</exception>
    public async Task<Cleared> ClearAsync(IReadOnlyList<Table> tables, CancellationToken cancellationToken)
    {
        if (tables.Count == 0)
        {
            return new Cleared(0, null);
        }

        var oids = tables.Select(table => table.Oid).ToArray();
        await locks.RunAsync(() => TryLockAsync(tables, oids, cancellationToken), () => LockHolder(oids, cancellationToken), cancellationToken);
        _enabling = await Triggers.DisableAsync(connection, oids, cancellationToken);
        var (count, others) = (await CountAsync(oids, cancellationToken), await OthersAsync(oids, cancellationToken));
        await connection.RunAsync(Delete(tables), cancellationToken);
        // Triggers are off: what else has changed are rows that refer to what was removed (ON DELETE).
        return new Cleared(await CountAsync(oids, cancellationToken) - count, (await OthersAsync(oids, cancellationToken)).Except(others).FirstOrDefault().Name);
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
    public Task OpenAsync(CancellationToken cancellationToken) => Batch.RunAsync(connection, _enabling, cancellationToken);

    /// <summary>After the data set: what is made of the rows is made new as well, and no number is given out twice.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await Sequences.GoOnAsync(connection, schema, _former, cancellationToken);
        await MaterializedViews.RefreshAsync(connection, schema, locks, cancellationToken);
    }

    /// <summary>Numbers of the tables of the schema that this transaction has written to.</summary>
    public async Task<IReadOnlySet<long>> WrittenAsync(CancellationToken cancellationToken) =>
        (await connection.Command(WrittenSql).With(schema).ListAsync(row => row.GetInt64(0), cancellationToken)).ToHashSet();

    private Task<long> CountAsync(long[] oids, CancellationToken cancellationToken) => connection.Command(CountSql).With(oids).ScalarAsync<long>(cancellationToken);

    private Task<List<(string Name, long Rows)>> OthersAsync(long[] oids, CancellationToken cancellationToken) =>
        connection.Command(OthersSql).With(oids).With(schema).ListAsync(row => (row.GetString(0), row.GetInt64(1)), cancellationToken);

    private async Task<bool> TryLockAsync(IReadOnlyList<Table> tables, long[] oids, CancellationToken cancellationToken)
    {
        await Batch.RunAsync(connection, ["SAVEPOINT locking", TableLocks.Bound], cancellationToken);
        try
        {
            // Those who only read go on; those who mean to write after reading (FOR UPDATE) wait rather than fail.
            await connection.RunAsync($"LOCK TABLE {string.Join(", ", tables.Select(table => table.In(schema)))} IN EXCLUSIVE MODE", cancellationToken);
            _former = await Sequences.RestartAsync(connection, schema, isWhole ? null : oids, cancellationToken);
            await Batch.RunAsync(connection, ["SET LOCAL lock_timeout = 0", "RELEASE locking"], cancellationToken);
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

    private string Insert(IReadOnlyList<Table> tables, string from) => $"WITH {string.Join(", ", tables.Select((table, number) =>
        $"i{number} AS (INSERT INTO {table.QualifiedIn(schema)} {Columns(table)}SELECT {string.Join(", ", table.Values)} FROM {table.In(from)})"))} SELECT";

    private static string Columns(Table table) => table.Columns.Length == 0 ? "" : $"({string.Join(", ", table.Columns)}) OVERRIDING SYSTEM VALUE ";
}
