using Npgsql;

namespace Slipway.Ledger;

/// <summary>
/// One write to the ledger. Whoever dies or hangs in the middle of it gives its locks back: by the end of its connection, or by the
/// server's own patience.
/// </summary>
internal sealed class LedgerTransaction : IAsyncDisposable
{
    private const string Patience = "SET LOCAL idle_in_transaction_session_timeout = '30s'";

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private LedgerTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_connection, _transaction) = (connection, transaction);

    public static async Task<LedgerTransaction> BeginAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = new LedgerTransaction(connection, await connection.BeginTransactionAsync(cancellationToken));
            await transaction.Command(Patience).RunAsync(cancellationToken);
            return transaction;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whoever has to wait longer than 3 s for a lock fails, with an error that <see cref="LedgerFaults.IsUnavailable"/> knows.</summary>
    public Task LimitLockWaitsAsync(CancellationToken cancellationToken) =>
        Command("SET LOCAL lock_timeout = '3s'").RunAsync(cancellationToken);

    public NpgsqlCommand Command(string sql) => new(sql, _connection, _transaction);

    public Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    /// <summary>Rolls back what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
