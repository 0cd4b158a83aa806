using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Runtime.Metrics;

namespace Slipway.Operator;

/// <summary>
/// <c>/healthz</c>: the process serves requests, and does not hold a lease that it has long ceased to renew. <c>/readyz</c>: its
/// caches are in sync and the ledger answers, whether it leads or stands by; otherwise 503 and what is missing, a line each.
/// <c>/metrics</c>: what it has counted and measured, for Prometheus.
/// </summary>
public static class Probes
{
    /// <exception cref="InvalidOptionException">The address is taken, or not ours.</exception>
    public static async Task<IAsyncDisposable> StartAsync(
        IPEndPoint address, Func<bool> isAlive, Func<IReadOnlyList<string>> missing, MetricsRegistry metrics, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(address));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var server = builder.Build();
        server.Run(context => AnswerAsync(context, isAlive, missing, metrics));
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch (IOException error)
        {
            await server.DisposeAsync();
            throw new InvalidOptionException($"--probe-address {address} cannot be listened on: {error.Message}; choose another one");
        }
    }

    private static Task AnswerAsync(HttpContext context, Func<bool> isAlive, Func<IReadOnlyList<string>> missing, MetricsRegistry metrics)
    {
        switch (context.Request.Path.Value)
        {
            case "/healthz":
                var lines = isAlive() ? [] : (IReadOnlyList<string>)["the leader's lease has not been renewed for too long, and this process did not end"];
                return AnswerAsync(context, lines);
            case "/readyz":
                return AnswerAsync(context, missing());
            case "/metrics":
                context.Response.ContentType = MetricsRegistry.ContentType;
                return context.Response.WriteAsync(metrics.Write());
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return context.Response.WriteAsync("try /healthz, /readyz or /metrics\n");
        }
    }

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<string> lines)
    {
        context.Response.StatusCode = lines.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(lines.Count == 0 ? "ok\n" : string.Join('\n', lines) + "\n");
    }

    /// <summary>Signals belong to the operator, not to its probe server.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
