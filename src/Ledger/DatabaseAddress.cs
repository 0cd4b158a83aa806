using System.Data.Common;
using Npgsql;

namespace Slipway.Ledger;

/// <summary>Reads where a database is from one line of configuration.</summary>
public static class DatabaseAddress
{
    /// <summary>Sets what the text says, and leaves the other settings as they are.</summary>
    /// <param name="text"><c>postgres://user:password@host:port/database?sslmode=require</c>, or Npgsql's <c>Host=…;Database=…</c>.</param>
    /// <param name="settings">Has the defaults, and gets what is said.</param>
    /// <exception cref="ArgumentException">The text cannot be understood. The message names the part at fault, never a value.</exception>
    public static void Read(string text, NpgsqlConnectionStringBuilder settings)
    {
        foreach (var (key, value) in IsUrl(text) ? DatabaseUrl.Read(text) : ReadPairs(text))
        {
            Set(settings, key, value);
        }

        if (string.IsNullOrEmpty(settings.Host))
        {
            throw new ArgumentException("The database address names no host: expected postgres://user:password@host:port/database.");
        }
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
