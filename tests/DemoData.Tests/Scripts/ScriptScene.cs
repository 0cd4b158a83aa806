using Npgsql;
using Slipway.DemoData.Scripts;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.Scripts;

/// <summary>A database, a connection to it within a transaction that is never committed, and a folder for files.</summary>
public abstract class ScriptScene : IAsyncLifetime
{
    private PostgresDatabase? _database;
    private NpgsqlConnection? _connection;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("slipway-scripts-").FullName;

    protected PostgresDatabase Database => _database!;

    protected NpgsqlConnection Connection => _connection!;

    public async Task InitializeAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        _connection = new NpgsqlConnection($"{_database.ConnectionString};Pooling=false;Include Error Detail=true");
        await _connection.OpenAsync();
        await _connection.BeginTransactionAsync();
    }

    public async Task DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    internal Task<ScriptResult> RunAsync(string text, params IReadOnlyList<Setting> settings) =>
        new ScriptRunner(Connection, DemoDataFault.BrokenMigration, settings)
            .RunAsync(SqlScript.Parse("migrations/0003_pets.sql", text, DemoDataFault.BrokenMigration), default);

    /// <summary>Runs what is no script.</summary>
    protected async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, Connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of every row, as text.</summary>
    protected async Task<List<string?>> ReadAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, Connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string?>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.IsDBNull(0) ? null : reader.GetString(0));
        }

        return values;
    }
}
