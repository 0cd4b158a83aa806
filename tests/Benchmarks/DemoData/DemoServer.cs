using Npgsql;
using Slipway.Testing;

namespace Slipway.Benchmarks.DemoData;

/// <summary>A PostgreSQL for the benchmarks alone, which writes to disk as one in use does; removed at the end.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private const string Instance = "bench";
    private readonly Uri _url;

    private DemoServer(Uri url) => _url = url;

    public static async Task<DemoServer> StartAsync()
    {
        await Repository.HackAsync("postgres", "up", "--name", Instance);
        const string Key = "DATABASE_URL=";
        var lines = await File.ReadAllLinesAsync(Repository.PathOf($".local/{Instance}/postgres.env"));
        return new DemoServer(new Uri(lines.Single(line => line.StartsWith(Key, StringComparison.Ordinal))[Key.Length..].Trim('"', '\'')));
    }

    /// <summary>A new, empty database.</summary>
    public async Task<string> CreateAsync(string name)
    {
        await RunAsync("postgres", $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        await RunAsync("postgres", $"CREATE DATABASE {name} TEMPLATE template0");
        return name;
    }

    /// <summary>In the form that psql and pg_dump take.</summary>
    public string UrlOf(string database) => new UriBuilder(_url) { Path = database }.Uri.AbsoluteUri;

    /// <summary>In Npgsql's form.</summary>
    public NpgsqlConnectionStringBuilder AddressOf(string database)
    {
        var login = _url.UserInfo.Split(':');
        return new NpgsqlConnectionStringBuilder { Host = _url.Host, Port = _url.Port, Username = login[0], Password = login[1], Database = database };
    }

    /// <summary>Runs SQL, and then writes everything to disk, so that nobody's measurement pays for somebody else's.</summary>
    public async Task RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(AddressOf(database).ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in (string[])[sql, "CHECKPOINT"])
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync();
        }
    }

    public async ValueTask DisposeAsync() => await Repository.HackAsync("postgres", "down", "--name", Instance);
}
