using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.DemoData.Chain;
using Slipway.DemoData.PetGrooming;
using Slipway.Testing;

namespace Slipway.DemoData.Tests.PetGrooming;

/// <summary>A database of one's own with the tables of the built-in migrations.</summary>
internal sealed class GroomingDatabase : IAsyncDisposable
{
    private readonly PostgresDatabase _database;

    private GroomingDatabase(PostgresDatabase database)
    {
        _database = database;
        ConnectionString = $"{database.ConnectionString};Pooling=false;Timeout=60;Command Timeout=120;Timezone=UTC";
    }

    public string ConnectionString { get; }

    /// <summary>With its tables, which are empty.</summary>
    public static async Task<GroomingDatabase> CreateAsync()
    {
        var database = new GroomingDatabase(await PostgresDatabase.CreateAsync());
        await using var connection = await database.OpenAsync();
        await MigrateAsync(connection);
        return database;
    }

    public static async Task<GroomingDatabase> FilledAsync(DemoProfile profile, int scale = 1, string? adminEmail = null)
    {
        var database = await CreateAsync();
        await database.FillAsync(new PetGroomingData(profile, scale, adminEmail));
        return database;
    }

    public static async Task MigrateAsync(NpgsqlConnection connection)
    {
        foreach (var (_, sql) in PetGroomingMigrations.Files)
        {
            await RunAsync(connection, sql);
        }
    }

    public static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<NpgsqlConnection> OpenAsync(string settings = "")
    {
        var connection = new NpgsqlConnection($"{ConnectionString};{settings}");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>As the chain does it: in one transaction.</summary>
    public async Task<IReadOnlyList<FilledPart>> FillAsync(
        IDataSet data, CancellationToken cancellationToken = default, string settings = "")
    {
        await using var connection = await OpenAsync(settings);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        var parts = await data.FillAsync(connection, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return parts;
    }

    public async Task RunAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await RunAsync(connection, sql);
    }

    /// <summary>The rows as text, the values of a row separated by bars.</summary>
    public async Task<List<string>> ReadAsync(string query)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return rows;
    }

    /// <summary>All rows of a table in the server's own form.</summary>
    public async Task<string> DumpAsync(string table)
    {
        await using var connection = await OpenAsync();
        using var reader = await connection.BeginTextExportAsync($"COPY (SELECT * FROM {table} ORDER BY id) TO STDOUT");
        return await reader.ReadToEndAsync();
    }

    public async Task<string> DumpAsync()
    {
        var dump = new StringBuilder();
        foreach (var table in new PetGroomingData(DemoProfile.Dev, 1, null).Tables)
        {
            dump.Append(table).Append('\n').Append(await DumpAsync(table));
        }

        return dump.ToString();
    }

    public async Task<string> FingerprintAsync() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(await DumpAsync())));

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
