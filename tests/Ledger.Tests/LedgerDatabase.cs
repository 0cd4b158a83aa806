using Npgsql;
using Slipway.Testing;

namespace Slipway.Ledger.Tests;

/// <summary>A migrated ledger of one's own.</summary>
public sealed class LedgerDatabase() : PostgresFixture(typeof(Migrator).Assembly, MigrateAsync)
{
    private NpgsqlDataSource? _dataSource;

    public NpgsqlDataSource DataSource => _dataSource ?? throw new InvalidOperationException("The database is not made yet.");

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _dataSource = Connect();
    }

    public override async Task DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Another pool, as another operator would have it. Its patience suits a busy machine.</summary>
    public NpgsqlDataSource Connect(int maxPoolSize = 20) =>
        LedgerDataSource.Create($"{ConnectionString};Timeout=60;Command Timeout=120", maxPoolSize);

    private static async Task MigrateAsync(string connectionString)
    {
        await using var dataSource = LedgerDataSource.Create($"{connectionString};Pooling=false");
        await new Migrator(dataSource, TimeProvider.System).MigrateAsync(default);
    }
}
