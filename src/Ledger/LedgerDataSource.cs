using System.Data.Common;
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
        foreach (var (key, value) in IsUrl(databaseUrl) ? DatabaseUrl.Read(databaseUrl) : ReadPairs(databaseUrl))
        {
            Set(settings, key, value);
        }

        if (string.IsNullOrEmpty(settings.Host))
        {
            throw new ArgumentException("The database address names no host: expected postgres://user:password@host:port/database.");
        }

        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        return builder.Build();
    }

    private static bool IsUrl(string text) =>
        text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal);

    private static List<KeyValuePair<string, string>> ReadPairs(string text)
    {
        try
        {
            var pairs = new DbConnectionStringBuilder { ConnectionString = text };
            return [.. pairs.Keys.Cast<string>().Select(key => KeyValuePair.Create(key, pairs[key].ToString()!))];
        }
        catch (ArgumentException)
        {
            // The original message quotes the text, which may hold a password.
            throw new ArgumentException(
                "The database address is neither a URL (postgres://user:password@host:port/database) nor a list of Key=Value pairs.");
        }
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string key, string value)
    {
        try
        {
            settings[key] = value;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            throw new ArgumentException($"The database address has a part '{key}' that is unknown or has a value that it cannot have.");
        }
    }
}
