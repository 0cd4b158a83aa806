using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Testing;

/// <summary>
/// <c>slipway operator</c> as users run it: a process of its own, which can be killed without a chance to tidy up.
/// Environment SLIPWAY_BIN names another executable than the one built with the tests.
/// </summary>
public sealed class OperatorProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly IReadOnlyList<string> _options;
    private readonly StringBuilder _log = new();
    private readonly int _probePort = FreePort();
    private Process? _process;
    private Task _reading = Task.CompletedTask;

    /// <param name="database">Its --database.</param>
    /// <param name="kubeConfig">Its --kubeconfig.</param>
    /// <param name="options">More options.</param>
    public OperatorProcess(string database, string kubeConfig, params IReadOnlyList<string> options) => _options =
    [
        "operator", "--database", database, "--kubeconfig", kubeConfig, "--probe-address", $"127.0.0.1:{_probePort}",
        "--log-level", "debug", .. options,
    ];

    /// <summary>Everything it has said, all runs.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>The process that was started last.</summary>
    public int Id => _process!.Id;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts it, and waits until it says that it is ready.</summary>
    public async Task StartAsync()
    {
        Launch();
        await Eventually.See("operator ready", IsReadyAsync, ready => ready || !IsRunning, () => Log);
        if (!IsRunning)
        {
            throw new InvalidOperationException($"The operator ended with exit code {_process!.ExitCode}:\n{Log}");
        }
    }

    /// <summary>Starts it without waiting for anything.</summary>
    public void Launch()
    {
        var start = ForSlipway(_options);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException("The operator did not start.");
        _reading = Task.WhenAll(Collect(_process.StandardOutput), Collect(_process.StandardError));
    }

    /// <summary>Its answer to /readyz; false also when there is nobody to answer.</summary>
    public async Task<bool> IsReadyAsync() => await ProbeAsync("readyz") == HttpStatusCode.OK;

    /// <summary>Its answer to /healthz or /readyz; null when there is nobody to answer.</summary>
    public async Task<HttpStatusCode?> ProbeAsync(string probe)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri($"http://127.0.0.1:{_probePort}/{probe}"));
            return response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>SIGKILL: no handler runs, no buffer is flushed.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await ExitAsync();
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        Send(SigTerm);
        return await ExitAsync();
    }

    /// <summary>SIGSTOP: it does nothing more, and does not know it.</summary>
    public void Pause() => Send(SigStop);

    /// <summary>SIGCONT: it goes on in the middle of whatever it was doing.</summary>
    public void Resume() => Send(SigCont);

    /// <summary>Waits until it ends by itself.</summary>
    public async Task<int> ExitAsync()
    {
        using var timeout = new CancellationTokenSource(Eventually.Patience);
        try
        {
            await _process!.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The operator did not end.\n{Log}");
        }

        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>How the executable is started with the given arguments.</summary>
    public static ProcessStartInfo ForSlipway(IReadOnlyList<string> arguments) =>
        Environment.GetEnvironmentVariable("SLIPWAY_BIN") is { Length: > 0 } binary
            ? new ProcessStartInfo(binary, arguments)
            : new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "slipway.dll"), .. arguments]);

    private void Send(int signal)
    {
        if (Signal(_process!.Id, signal) != 0 && !_process.HasExited)
        {
            throw new InvalidOperationException($"Signal {signal} could not be sent: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    private async Task Collect(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_log)
            {
                _log.AppendLine(line);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);
}
