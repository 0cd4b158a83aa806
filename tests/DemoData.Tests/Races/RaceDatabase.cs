using Npgsql;
using Slipway.DemoData.Locking;
using Slipway.Operator.DemoData;
using Slipway.Testing;
using Slipway.Testing.Proxies;

namespace Slipway.DemoData.Tests.Races;

/// <summary>A demo database of one's own that may be reset, read and changed past every proxy.</summary>
internal sealed class RaceDatabase : IAsyncDisposable
{
    private const string Rows =
        """
        SELECT c.relname || E'\n' || query_to_xml(format('SELECT * FROM public.%I AS t ORDER BY t::text', c.relname), true, true, '')::text
        FROM pg_catalog.pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname
        """;

    /// <summary>What is there while somebody works, or was left by one who has died, and must not be there when all have ended.</summary>
    private const string Traces =
        """
        SELECT 'schema ' || nspname FROM pg_catalog.pg_namespace WHERE nspname ~ '^slipway_(scratch|old)'
        UNION ALL SELECT 'process ' || pid || ' recorded for ' || identity FROM slipway_demo.backends
        UNION ALL SELECT 'fence held by ' || holder FROM slipway_demo.fence WHERE holder IS NOT NULL
        """;

    /// <summary>An ended client's process may take a moment to notice.</summary>
    private const string Sessions =
        "SELECT application_name || ': ' || state || ', ' || query FROM pg_catalog.pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'slipway %'";

    private readonly PostgresDatabase _database;

    private RaceDatabase(PostgresDatabase database)
    {
        _database = database;
        ConnectionString = $"{database.ConnectionString};Pooling=false;Timeout=60;Command Timeout=120";
    }

    public string ConnectionString { get; }

    public string Url => _database.Url;

    /// <summary>Name of its lease.</summary>
    public string Lease { get; private set; } = "";

    /// <summary>An empty one with the mark that allows to reset it.</summary>
    public static async Task<RaceDatabase> CreateAsync() => await CreateAsync(await PostgresServer.GetAsync());

    public static async Task<RaceDatabase> CreateAsync(PostgresServer server)
    {
        var database = new RaceDatabase(await server.CreateAsync());
        await using var connection = await database.OpenAsync();
        await ResetMark.SetAsync(connection, default);
        database.Lease = LeaseMutex.NameOf(await ResetMark.ExpectedAsync(connection, default));
        return database;
    }

    public PostgresProxy NewProxy() => new(new Uri(Url).Host, new Uri(Url).Port);

    public TcpForwarder NewForwarder() => new(new Uri(Url).Host, new Uri(Url).Port);

    /// <summary>The same database at another port of this machine.</summary>
    public string Through(int port) => new UriBuilder(Url) { Host = "127.0.0.1", Port = port }.Uri.AbsoluteUri;

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async Task RunAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await connection.RunAsync(sql, default);
    }

    public async Task<IReadOnlyList<string>> ReadAsync(string sql)
    {
        await using var connection = await OpenAsync();
        return await connection.Command(sql).TextsAsync(default);
    }

    /// <summary>All rows of all tables.</summary>
    public async Task<string> DumpAsync() => string.Join('\n', await ReadAsync(Rows));

    public async Task<long> TokenAsync() => long.Parse((await ReadAsync("SELECT token::text FROM slipway_demo.fence"))[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What a run should not have left.</summary>
    public Task<IReadOnlyList<string>> TracesAsync() => ReadAsync(Traces);

    /// <summary>Waits until no process of the server works for slipway.</summary>
    public Task SeeNobodyAsync() => Eventually.See("no session of slipway", () => ReadAsync(Sessions), sessions => sessions.Count == 0);

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
