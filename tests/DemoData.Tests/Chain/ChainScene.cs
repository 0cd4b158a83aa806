using Npgsql;
using Slipway.DemoData.Chain;
using Slipway.DemoData.Locking;
using Slipway.DemoData.Scripts;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.Chain;

/// <summary>A database that may be reset, and the chain in this process.</summary>
public abstract class ChainScene : IAsyncLifetime
{
    private PostgresDatabase? _database;

    /// <summary>What the chain has told, all runs.</summary>
    internal RecordedLog Log { get; } = new();

    internal DemoOptions Options { get; set; } = new() { Identity = "test" };

    protected PostgresDatabase Database => _database!;

    public virtual async Task InitializeAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        await using var connection = await OpenAsync();
        await ResetMark.SetAsync(connection, default);
    }

    public virtual async Task DisposeAsync() => await Database.DisposeAsync();

    internal Task ResetAsync(string migrations, string data = "SELECT 1", string? role = null) => ResetAsync(migrations, TestData.Of(data), role);

    internal Task ResetAsync(string migrations, IDataSet data, string? role = null) =>
        OnChainAsync(role, chain => chain.ResetAsync(new Migrations("migrations", [ScriptSource.Of("0001.sql", migrations)]), data, default));

    internal Task SeedAsync(IDataSet data, string? role = null) => OnChainAsync(role, chain => chain.SeedAsync(data, default));

    /// <summary>Whether the last reset replaced rows rather than the schema.</summary>
    internal bool FoundUnchanged => Log.Of("migrate")[^1].EndsWith("the schema is unchanged", StringComparison.Ordinal);

    protected async Task<NpgsqlConnection> OpenAsync(string? role = null)
    {
        var connection = new NpgsqlConnection($"{AddressOf(role)};Pooling=false;Timeout=60;Command Timeout=120;Include Error Detail=true");
        await connection.OpenAsync();
        return connection;
    }

    protected string AddressOf(string? role) => role is null
        ? Database.ConnectionString
        : new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Username = role, Password = role }.ConnectionString;

    protected async Task RunAsync(string sql, string? role = null)
    {
        await using var connection = await OpenAsync(role);
        await RunAsync(connection, sql);
    }

    protected static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows as text, the values of a row separated by bars.</summary>
    protected async Task<List<string>> ReadAsync(string query, string? role = null)
    {
        await using var connection = await OpenAsync(role);
        return await ReadAsync(connection, query);
    }

    protected static async Task<List<string>> ReadAsync(NpgsqlConnection connection, string query)
    {
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return rows;
    }

    private async Task OnChainAsync(string? role, Func<DemoChain, Task> run)
    {
        await using var connections = new DemoConnections(new NpgsqlConnectionStringBuilder($"{AddressOf(role)};Include Error Detail=true"), TimeProvider.System);
        await run(new DemoChain(connections, Options, null, Log, TimeProvider.System, new Random(1)));
    }
}
