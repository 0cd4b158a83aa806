using System.Security.Cryptography.X509Certificates;

namespace Slipway.Kubernetes.Transport;

/// <summary>What proves who we are at one moment. Compared by reference: a renewed one is another one.</summary>
internal sealed class Credential(string? token, X509Certificate2? certificate, DateTimeOffset? expires)
{
    /// <summary>No proof beyond what the connection itself carries.</summary>
    public static Credential None { get; } = new(null, null, null);

    public string? Token => token;

    public X509Certificate2? Certificate => certificate;

    public DateTimeOffset? Expires => expires;
}
