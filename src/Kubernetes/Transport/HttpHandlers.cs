using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Slipway.Kubernetes.Config;

namespace Slipway.Kubernetes.Transport;

/// <summary>
/// Makes the handlers that hold the connections: HTTP/2 where the server speaks it, pings that find dead connections
/// within a minute, our own check of the server's certificate.
/// </summary>
internal sealed class HttpHandlers(KubeConfig config, Func<X509Certificate2?> clientCertificate)
{
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly ServerVerifier _verifier = new(config);

    public SocketsHttpHandler Create()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            // A server may be behind a balancer, and our own certificate may be renewed: no connection lives for ever.
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            SslOptions = SslOptions(targetHost: null),
        };
        handler.UseProxy = IsProxied(config);
        if (config.ProxyUrl is { } proxy)
        {
            handler.Proxy = new WebProxy(proxy) { Credentials = ProxyCredential(proxy) };
        }

        if (config.TlsServerName is { } name && config.Server.Scheme == Uri.UriSchemeHttps && !handler.UseProxy)
        {
            handler.ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, name, cancellationToken);
        }

        return handler;
    }

    /// <summary>
    /// The <c>Host</c> that requests must say, or null for the address's. Behind a proxy it is the handler that secures the connection,
    /// and this the only way to have it ask for a different server name; the API server does not look at it.
    /// </summary>
    public static string? HostHeader(KubeConfig config) =>
        config.Server.Scheme == Uri.UriSchemeHttps && IsProxied(config) ? config.TlsServerName : null;

    /// <summary>What the address says before its host, which the handler does not read by itself.</summary>
    private static NetworkCredential? ProxyCredential(Uri proxy) => proxy.UserInfo.Split(':', 2) switch
    {
        [{ Length: > 0 } user, var password] => new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)),
        [{ Length: > 0 } user] => new NetworkCredential(Uri.UnescapeDataString(user), ""),
        _ => null,
    };

    private static bool IsProxied(KubeConfig config) =>
        !config.BypassProxy && (config.ProxyUrl is not null || HttpClient.DefaultProxy.GetProxy(config.Server) is { } proxy && proxy != config.Server);

    private SslClientAuthenticationOptions SslOptions(string? targetHost) => new()
    {
        TargetHost = targetHost,
        ApplicationProtocols = Protocols,
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => _verifier.Verify(certificate, chain, errors),
        LocalCertificateSelectionCallback = (_, _, _, _, _) => clientCertificate()!,
    };

    /// <summary>
    /// The handler would ask for the address's host; a different server name must be said while connecting. A stream that is
    /// secured already is used as it is.
    /// </summary>
    private async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, string serverName, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            var secured = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await secured.AuthenticateAsClientAsync(SslOptions(serverName), cancellationToken);
            return secured;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
