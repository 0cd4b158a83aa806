namespace Slipway.Testing;

/// <summary>A database of one's own on the server of the tests. Disposing it drops it, also while it is in use.</summary>
public sealed class PostgresDatabase(PostgresServer server, string name) : IAsyncDisposable
{
    public string Name { get; } = name;

    /// <summary>Npgsql's form. Connections are not pooled beyond what is asked for here, so nothing keeps the database in use.</summary>
    public string ConnectionString { get; } = server.ConnectionStringOf(name);

    /// <summary>The form of <c>DATABASE_URL</c>.</summary>
    public string Url { get; } = server.UrlOf(name);

    /// <summary>A new, empty one.</summary>
    public static async Task<PostgresDatabase> CreateAsync() => await (await PostgresServer.GetAsync()).CreateAsync();

    public async ValueTask DisposeAsync() => await server.RunAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
}
