using Npgsql;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing.Proxies;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>Counts from outside what the operator writes to its ledger: by the database's own statistics and by its own log of changes.</summary>
public sealed class LedgerWitness : IAsyncDisposable
{
    /// <summary>
    /// Statements that write to the ledger, in whatever clause, and commits. What triggers do is part of what fired them, also when they
    /// are deferred and fire within a commit: they speak of NEW. A migration that makes a function does not run it.
    /// </summary>
    private const string Statistics = """
        SELECT coalesce(sum(calls) FILTER (WHERE query = 'COMMIT'), 0)::bigint,
               coalesce(sum(calls) FILTER (WHERE query <> 'COMMIT'), 0)::bigint,
               coalesce(sum(rows) FILTER (WHERE query <> 'COMMIT'), 0)::bigint
        FROM pg_stat_statements
        WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND (query = 'COMMIT' OR query ~* '\m(insert\s+into|update|delete\s+from|merge\s+into)\s+slipway\.')
          AND query !~* '\mcreate\s+(or\s+replace\s+)?function\M'
          AND query !~ '\mNEW\.'
        """;

    private readonly NpgsqlConnection _connection;
    private readonly string _slot = $"crash_{Guid.NewGuid():N}";
    private int _changes;

    private LedgerWitness(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Begins before the operator does, so that both count all there ever was.</summary>
    public static async Task<LedgerWitness> StartAsync(LedgerDatabase ledger)
    {
        var witness = new LedgerWitness(await ledger.OpenAsync());
        await witness.RunAsync("CREATE EXTENSION pg_stat_statements");
        // It has room for so many statements. Where other tests have filled it, what is rare is thrown out, and its count with it.
        await witness.RunAsync("SELECT pg_stat_statements_reset()");

        // Temporary: what it keeps the server from throwing away must not outlive a run that is killed.
        await witness.RunAsync($"SELECT pg_create_logical_replication_slot('{witness._slot}', 'test_decoding', temporary => true)");
        return witness;
    }

    /// <summary>Commits, writing statements and their rows, as pg_stat_statements has them.</summary>
    public async Task<PostgresTally> StatisticsAsync()
    {
        await using var command = new NpgsqlCommand(Statistics, _connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new PostgresTally(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    /// <summary>The committed transactions that changed a row of the ledger, by the write-ahead log.</summary>
    public async Task<int> ChangesAsync()
    {
        await using var command = new NpgsqlCommand($"SELECT data FROM pg_logical_slot_get_changes('{_slot}', NULL, NULL)", _connection);
        await using var reader = await command.ExecuteReaderAsync();
        var writes = false;
        while (await reader.ReadAsync())
        {
            var line = reader.GetString(0);
            writes |= line.StartsWith("table slipway.", StringComparison.Ordinal);
            if (line.StartsWith("COMMIT", StringComparison.Ordinal))
            {
                _changes += writes ? 1 : 0;
                writes = false;
            }
        }

        return _changes;
    }

    public async ValueTask DisposeAsync()
    {
        // The connection goes back to its pool, and a database whose changes somebody reads cannot be dropped.
        await RunAsync($"SELECT pg_drop_replication_slot('{_slot}')");
        await _connection.DisposeAsync();
    }

    private async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }
}
