namespace Slipway.Ledger;

/// <summary>Takes <c>postgres://user:password@host:port/database?sslmode=require</c> apart into Npgsql's words.</summary>
internal static class DatabaseUrl
{
    /// <exception cref="ArgumentException">It is not such a URL. The message quotes nothing of it but the name of a parameter.</exception>
    public static List<KeyValuePair<string, string>> Read(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            throw new ArgumentException(
                "The database URL cannot be read: expected postgres://user:password@host:port/database, with special characters in the password percent-encoded.");
        }

        var settings = new List<KeyValuePair<string, string>>();
        var login = url.UserInfo.Split(':', 2);
        Add("Username", login[0]);
        Add("Password", login.Length > 1 ? login[1] : "");
        Add("Host", url.Host.Trim('[', ']'));
        Add("Port", url.Port > 0 ? url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture) : "");
        Add("Database", url.AbsolutePath.TrimStart('/'));
        foreach (var parameter in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = parameter.Split('=', 2);
            Add(Translate(Uri.UnescapeDataString(pair[0])), pair.Length > 1 ? pair[1] : "");
        }

        return settings;

        void Add(string key, string escaped)
        {
            if (escaped.Length > 0)
            {
                settings.Add(KeyValuePair.Create(key, Uri.UnescapeDataString(escaped)));
            }
        }
    }

    /// <summary>libpq's names for what Npgsql calls otherwise; what both call the same passes through.</summary>
    private static string Translate(string parameter) => parameter switch
    {
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "user" => "Username",
        "dbname" => "Database",
        "connect_timeout" => "Timeout",
        "application_name" => "Application Name",
        "options" => "Options",
        _ => parameter,
    };
}
