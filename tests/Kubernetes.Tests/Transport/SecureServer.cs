using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Slipway.Kubernetes.Tests.Transport;

/// <summary>A TLS server that answers every request with a version, in which it says what it saw of the client.</summary>
public sealed class SecureServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private SecureServer(WebApplication application) => _application = application;

    public int Port { get; private set; }

    /// <summary>How many requests it has answered, refusals included.</summary>
    public int Answered { get; private set; }

    /// <summary>The subject of a client certificate that is not accepted any more.</summary>
    public string? Refused { get; set; }

    public static async Task<SecureServer> StartAsync(X509Certificate2 certificate, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        var asked = new string?[1];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(https =>
            {
                https.ServerCertificateSelector = (_, name) =>
                {
                    asked[0] = name;
                    return certificate;
                };
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        var server = new SecureServer(builder.Build());
        server._application.Run(http => server.AnswerAsync(http, asked[0]));
        await server._application.StartAsync();
        var addresses = server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        server.Port = new Uri(addresses!.Addresses.First()).Port;
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private Task AnswerAsync(HttpContext http, string? asked)
    {
        Answered++;
        var client = http.Connection.ClientCertificate?.Subject ?? "nobody";
        if (client == Refused)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        return http.Response.WriteAsync(
            $$"""{"major":"1","minor":"35","gitVersion":"{{http.Request.Protocol}}","platform":"{{client}} asked for {{asked}}","host":"{{http.Request.Host}}"}""");
    }
}
