using Npgsql;

namespace Slipway.Ledger;

/// <summary>Opens the ledger's database from one line of configuration.</summary>
public static class LedgerDataSource
{
    /// <summary>
    /// Makes the pool of connections; nothing is opened yet. Connecting, or waiting for a free connection, takes 5 s at most and a
    /// statement 15 s, unless the text says otherwise.
    /// </summary>
    /// <param name="databaseUrl"><c>postgres://user:password@host:port/database?sslmode=require</c>, or Npgsql's <c>Host=…;Database=…</c>.</param>
    /// <param name="maxPoolSize">Connections at most, unless the text says otherwise.</param>
    /// <exception cref="ArgumentException">The text cannot be understood. The message names the part at fault, never a value.</exception>
    public static NpgsqlDataSource Create(string databaseUrl, int maxPoolSize = 20)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "slipway",
            Timeout = 5,
            CommandTimeout = 15,
            MaxPoolSize = maxPoolSize,
            PersistSecurityInfo = false,
        };
        DatabaseAddress.Read(databaseUrl, settings);
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        return builder.Build();
    }
}
