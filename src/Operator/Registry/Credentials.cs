using System.Text;
using System.Text.Json;

namespace Slipway.Operator.Registry;

/// <summary>User and password for one registry.</summary>
public sealed record RegistryLogin(string User, string Password)
{
    public string Basic => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    // A record prints its members: a password must never reach a log that way.
    public override string ToString() => $"RegistryLogin {{ User = {User} }}";
}

/// <summary>The logins of a pod's pull secrets, found by registry as a kubelet finds them.</summary>
public sealed class Credentials
{
    private readonly Dictionary<string, RegistryLogin> _logins = new(StringComparer.Ordinal);

    public static Credentials None { get; } = new();

    /// <summary>Adds the entries of a <c>.dockerconfigjson</c> (or the older <c>.dockercfg</c>); unreadable ones are passed over.</summary>
    public void Add(byte[] dockerConfig)
    {
        try
        {
            using var document = JsonDocument.Parse(dockerConfig);
            var entries = document.RootElement.TryGetProperty("auths", out var auths) ? auths : document.RootElement;
            foreach (var entry in entries.EnumerateObject())
            {
                if (Login(entry.Value) is { } login)
                {
                    _logins.TryAdd(Host(entry.Name), login);
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // A secret that a kubelet could not read either: it gives no login, and the registry's refusal tells the user.
        }
    }

    public RegistryLogin? For(string registry) => _logins.GetValueOrDefault(Host(registry));

    private static RegistryLogin? Login(JsonElement entry)
    {
        if (entry.TryGetProperty("auth", out var auth) && auth.GetString() is { Length: > 0 } encoded)
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? null : new RegistryLogin(text[..colon], text[(colon + 1)..]);
        }

        return entry.TryGetProperty("username", out var user) && entry.TryGetProperty("password", out var password)
            ? new RegistryLogin(user.GetString() ?? "", password.GetString() ?? "")
            : null;
    }

    /// <summary>Docker wrote keys as URLs (<c>https://index.docker.io/v1/</c>) and as hosts; both mean the host.</summary>
    private static string Host(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? key : key[(scheme + 3)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? rest : rest[..slash];
        return host is "index.docker.io" or "registry-1.docker.io" ? "docker.io" : host;
    }
}
