using System.Diagnostics;
using System.Globalization;
using Slipway.Benchmarks.Objects;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Kubernetes.Config;
using Slipway.Testing.FakeApi;

namespace Slipway.Benchmarks.Servers;

/// <summary>
/// The fake API server in a process of its own, so that its heap and its processor time are not taken for ours. It ends with its
/// standard input, and so with whoever started it.
/// </summary>
internal sealed class FakeServerProcess : IAsyncDisposable
{
    /// <summary>Verb of the command line that makes this program the server.</summary>
    public const string Verb = "serve";

    private readonly Process _process;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    private FakeServerProcess(Process process, Uri address)
    {
        _process = process;
        Server = new Server(
            "fake server",
            WireObjects.Namespace,
            new KubeConfig { Server = address, Origin = "benchmark" },
            (request, token) => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token));
    }

    public Server Server { get; }

    /// <summary>Starts it with so many releases in it.</summary>
    public static async Task<FakeServerProcess> StartAsync(int releases)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Verb, releases.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("The fake server did not start.");
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The fake server ended at once.");
        return new FakeServerProcess(process, new Uri(address));
    }

    /// <summary>Serves until standard input ends.</summary>
    public static async Task ServeAsync(int releases)
    {
        await using var server = await FakeApiServer.StartAsync();
        for (var number = 0; number < releases; number++)
        {
            var key = new ResourceKey(new CollectionKey(WellKnown.Group, Deployment.Type.Plural), WireObjects.Namespace, WireObjects.Name(number));
            server.Store.Put(key, WireObjects.Release(number));
        }

        server.Store.Compact();
        Console.WriteLine(server.Address);
        await Console.In.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
    }
}
