using System.Reflection;
using Npgsql;

namespace Slipway.Testing;

/// <summary>
/// The PostgreSQL of the tests: the one that SLIPWAY_TEST_DATABASE_URL names (its user must be allowed to create databases), else
/// the private one of <c>hack/postgres</c>, started if need be.
/// </summary>
public sealed class PostgresServer
{
    private const string Variable = "SLIPWAY_TEST_DATABASE_URL";
    private const string Instance = "test";
    private const string TemplateLock = "SELECT pg_advisory_lock(hashtextextended('slipway.test-templates', 0))";

    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);

    private readonly Uri _url;
    private readonly NpgsqlDataSource _admin;

    private PostgresServer(Uri url)
    {
        _url = url;
        _admin = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionStringOf("postgres"))
        {
            Pooling = false,
            Timeout = 60,
            CommandTimeout = 300,
        });
    }

    /// <summary>The server, started once for the whole run.</summary>
    public static Task<PostgresServer> GetAsync() => Shared.Value;

    /// <summary>One of <c>hack/postgres</c> that others than this machine reach at an address; it is used at that address here as well.</summary>
    public static async Task<PostgresServer> StartAsync(string instance, string address) =>
        new(new UriBuilder(await UpAsync(instance, "--listen", address)) { Host = address }.Uri);

    /// <summary>A new, empty database.</summary>
    public Task<PostgresDatabase> CreateAsync() => CopyAsync("template0");

    /// <summary>
    /// A new database with the schema of this very build of the assembly: a copy of one that is migrated once and stays for later
    /// runs. Those of other builds are removed; nobody does that while somebody copies.
    /// </summary>
    public async Task<PostgresDatabase> CreateAsync(Assembly schema, Func<string, Task> migrate)
    {
        await using var connection = await _admin.OpenConnectionAsync();
        await RunAsync(connection, TemplateLock);
        return await CopyAsync(await TemplateAsync(connection, schema, migrate));
    }

    private async Task<PostgresDatabase> CopyAsync(string template)
    {
        var database = new PostgresDatabase(this, $"slipway_test_{Guid.NewGuid():N}");
        await RunAsync($"CREATE DATABASE {database.Name} TEMPLATE {template}");
        return database;
    }

    /// <summary>It is made beside and renamed, so it is whole or absent.</summary>
    private async Task<string> TemplateAsync(NpgsqlConnection connection, Assembly schema, Func<string, Task> migrate)
    {
        var family = $"template_{schema.GetName().Name!.ToLowerInvariant().Replace('.', '_')}_";
        var name = family + schema.ManifestModule.ModuleVersionId.ToString("N")[..12];
        await using var exists = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", connection);
        exists.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        if (await exists.ExecuteScalarAsync() is true)
        {
            return name;
        }

        await RemoveAsync(connection, family);
        await RunAsync(connection, $"CREATE DATABASE {name}_new TEMPLATE template0");
        await migrate(ConnectionStringOf($"{name}_new"));
        await RunAsync(connection, $"ALTER DATABASE {name}_new RENAME TO {name}");
        return name;
    }

    public async Task RunAsync(string sql)
    {
        await using var connection = await _admin.OpenConnectionAsync();
        await RunAsync(connection, sql);
    }

    internal string ConnectionStringOf(string database)
    {
        var login = _url.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        return new NpgsqlConnectionStringBuilder
        {
            Host = _url.Host,
            Port = _url.Port > 0 ? _url.Port : 5432,
            Username = login[0],
            Password = login.ElementAtOrDefault(1),
            Database = database,
            ApplicationName = "slipway-tests",
        }.ConnectionString;
    }

    internal string UrlOf(string database) => new UriBuilder(_url) { Path = database }.Uri.AbsoluteUri;

    /// <summary>An instance of <c>hack/postgres</c> of one's own, started if need be; for tests that stop it, which then remove it.</summary>
    public static async Task<PostgresServer> StartAsync(string instance) => new(new Uri(await UpAsync(instance)));

    private static async Task<PostgresServer> StartAsync() => new(new Uri(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : await UpAsync(Instance)));

    private static async Task<string> UpAsync(string instance, params IReadOnlyList<string> options)
    {
        await Repository.HackAsync("postgres", ["up", "--name", instance, "--unsafe-no-fsync", .. options]);
        const string key = "DATABASE_URL=";
        var lines = await File.ReadAllLinesAsync(Repository.PathOf($".local/{instance}/postgres.env"));
        return lines.Single(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..].Trim('"', '\'');
    }

    /// <summary>Templates of other builds, and what a run that was killed left half done.</summary>
    private static async Task RemoveAsync(NpgsqlConnection connection, string family)
    {
        var names = new List<string>();
        await using (var command = new NpgsqlCommand("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = family });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                names.Add(reader.GetString(0));
            }
        }

        foreach (var name in names)
        {
            await RunAsync(connection, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
