using Npgsql;
using Slipway.Testing;
using Slipway.Testing.Proxies;

namespace Slipway.Operator.Tests.Integration;

/// <summary>The ledger as it is stored, read past the operator.</summary>
public sealed class LedgerDatabase(PostgresDatabase database)
{
    /// <summary>The form of <c>DATABASE_URL</c>.</summary>
    public string Url => database.Url;

    /// <summary>A port in front of the database.</summary>
    public TcpForwarder NewForwarder()
    {
        var target = new Uri(database.Url);
        return new TcpForwarder(target.Host, target.Port);
    }

    /// <summary>What leads through that port.</summary>
    public string Through(TcpForwarder forwarder) => Through(forwarder.Port);

    /// <summary>The same database at another port of this machine.</summary>
    public string Through(int port) => new UriBuilder(database.Url) { Host = "127.0.0.1", Port = port }.Uri.AbsoluteUri;

    /// <summary>A proxy in front of the database that tells what is committed.</summary>
    public PostgresProxy NewProxy()
    {
        var target = new Uri(database.Url);
        return new PostgresProxy(target.Host, target.Port);
    }

    /// <summary>The releases of a namespace, in the order of their rows.</summary>
    public Task<IReadOnlyList<StoredRelease>> ReleasesAsync(string @namespace) => QueryAsync(
        """
        SELECT name, phase::text, CASE WHEN version_day IS NULL THEN '' ELSE to_char(version_day, 'YYYYMMDD') || '.' || version_number END
        FROM slipway.releases WHERE namespace = $1 ORDER BY id
        """,
        row => new StoredRelease(row.GetString(0), row.GetString(1), row.GetString(2)),
        @namespace);

    /// <summary>Every move of the releases of a namespace, in the order in which they were made.</summary>
    public Task<IReadOnlyList<StoredMove>> MovesAsync(string @namespace) => QueryAsync(
        """
        SELECT r.name, t.to_phase::text, coalesce(r.version_number, 0)
        FROM slipway.transitions t JOIN slipway.releases r ON r.id = t.release_id WHERE r.namespace = $1 ORDER BY t.id
        """,
        row => new StoredMove(row.GetString(0), row.GetString(1), row.GetInt32(2)),
        @namespace);

    /// <summary>The stacks of a namespace, in the order of their rows, as <c>name lifecycle</c>.</summary>
    public Task<IReadOnlyList<string>> StacksAsync(string @namespace) => QueryAsync(
        "SELECT name || ' ' || lifecycle FROM slipway.stacks WHERE namespace = $1 ORDER BY id", row => row.GetString(0), @namespace);

    /// <summary>The number of the last thing that was decided about the live stack.</summary>
    public async Task<string> SequenceAsync(string @namespace, string name)
    {
        const string Sql = "SELECT sequence::text FROM slipway.stacks WHERE namespace = $1 AND name = $2 AND lifecycle = 'live'";
        return (await QueryAsync(Sql, row => row.GetString(0), @namespace, name)).Single();
    }

    /// <summary>What must never be, and is.</summary>
    public Task<IReadOnlyList<string>> ViolationsAsync() => QueryAsync(LedgerInvariants.Violations, row => row.GetString(0));

    /// <summary>How many moves have been made in all.</summary>
    public async Task<long> CountMovesAsync() => (await QueryAsync("SELECT count(*) FROM slipway.transitions", row => row.GetInt64(0)))[0];

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params IReadOnlyList<object> arguments)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = argument });
        }

        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>A connection past every port and proxy.</summary>
    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}

/// <summary>A release's row.</summary>
public sealed record StoredRelease(string Name, string Phase, string Version);

/// <summary>A transition's row, with the number of the release's version (0: none).</summary>
public sealed record StoredMove(string Name, string To, int Version);
