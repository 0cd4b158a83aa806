using System.Reflection;
using Xunit;

namespace Slipway.Testing;

/// <summary>
/// A fresh, migrated database for a class of tests; dropped at the end. Derive from it with the migration to use:
/// <c>public sealed class LedgerDatabase() : PostgresFixture(typeof(Migrator).Assembly, url => …)</c>.
/// </summary>
/// <param name="schema">The assembly that carries the migrations: as long as it is the same, so is the schema.</param>
/// <param name="migrate">Migrates the database with this connection string; done once, the rest are copies.</param>
public abstract class PostgresFixture(Assembly schema, Func<string, Task> migrate) : IAsyncLifetime
{
    private PostgresDatabase? _database;

    public PostgresDatabase Database => _database ?? throw new InvalidOperationException("The database is not made yet.");

    /// <summary>Npgsql's form.</summary>
    public string ConnectionString => Database.ConnectionString;

    /// <summary>The form of <c>DATABASE_URL</c>.</summary>
    public string Url => Database.Url;

    public virtual async Task InitializeAsync() =>
        _database = await (await PostgresServer.GetAsync()).CreateAsync(schema, migrate);

    public virtual async Task DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
