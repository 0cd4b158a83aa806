using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Testing;

/// <summary>
/// <c>slipway</c> as users run it: a process of its own, which can be paused, told to stop, and killed without a chance to tidy up.
/// Environment SLIPWAY_BIN names another executable than the one built with the tests.
/// </summary>
public sealed class SlipwayProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;
    private readonly StringBuilder _log;
    private readonly Process _process;
    private readonly Task _reading;

    /// <summary>Starts it.</summary>
    /// <param name="arguments">Command and options.</param>
    /// <param name="log">Where to write what it says; null for a log of its own.</param>
    public SlipwayProcess(IReadOnlyList<string> arguments, StringBuilder? log = null)
    {
        _log = log ?? new StringBuilder();
        var start = StartOf(arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException("slipway did not start.");
        _reading = Task.WhenAll(Collect(_process.StandardOutput), Collect(_process.StandardError));
    }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Everything it has said, both outputs.</summary>
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

    /// <summary>How the executable is started with the given arguments.</summary>
    public static ProcessStartInfo StartOf(IReadOnlyList<string> arguments) =>
        Environment.GetEnvironmentVariable("SLIPWAY_BIN") is { Length: > 0 } binary
            ? new ProcessStartInfo(binary, arguments)
            : new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "slipway.dll"), .. arguments]);

    /// <summary>SIGKILL: no handler runs, no buffer is flushed. Also of one that is paused.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Send(SigTerm);

    /// <summary>SIGSTOP: it does nothing more, and does not know it.</summary>
    public void Pause() => Send(SigStop);

    /// <summary>SIGCONT: it goes on in the middle of whatever it was doing.</summary>
    public void Resume() => Send(SigCont);

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        using var timeout = new CancellationTokenSource(Eventually.Patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"slipway did not end.\n{Log}");
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

        _process.Dispose();
    }

    private void Send(int signal)
    {
        if (Signal(_process.Id, signal) != 0 && !_process.HasExited)
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

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);
}
