using Npgsql;
using Slipway.Testing;

namespace Slipway.Ledger.Tests;

/// <summary>Another writer, whose transaction the test steps through by hand.</summary>
internal sealed class Rival : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private Rival(NpgsqlConnection connection, NpgsqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    public static async Task<Rival> BeginAsync(LedgerDatabase database)
    {
        var connection = new NpgsqlConnection($"{database.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        return new Rival(connection, await connection.BeginTransactionAsync());
    }

    public Task<int> RunAsync(string sql) => new NpgsqlCommand(sql, _connection, _transaction).RunAsync(default);

    /// <summary>The first column of what is found, which may be what only this writer sees.</summary>
    public Task<List<string>> ListAsync(string sql) => new NpgsqlCommand(sql, _connection, _transaction).ListAsync(row => row.GetString(0), default);

    /// <summary>What an admission writes, without its decisions.</summary>
    public Task<int> InsertAsync(StackRow stack, ReleaseVersion version, Guid? uid = null, bool exclusive = false) =>
        RunAsync(RawRelease.Insert(stack, version, uid, exclusive));

    /// <summary>Waits until so many others wait for a lock in this database.</summary>
    public Task BlocksAsync(int others) => Eventually.See(
        $"{others} blocked",
        async () =>
        {
            // Within a transaction, what was seen of others once would be seen for ever.
            await RunAsync("SELECT pg_stat_clear_snapshot()");
            return (long)(await new NpgsqlCommand(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", _connection, _transaction)
                .ExecuteScalarAsync())!;
        },
        blocked => blocked >= others);

    /// <summary>Waits until so many others wait for this very writer.</summary>
    public Task HoldsUpAsync(int others) => Eventually.See(
        $"{others} held up",
        async () => (long)(await new NpgsqlCommand(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))", _connection, _transaction)
            .ExecuteScalarAsync())!,
        held => held >= others);

    public Task CommitAsync() => _transaction.CommitAsync();

    public Task RollbackAsync() => _transaction.RollbackAsync();

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
