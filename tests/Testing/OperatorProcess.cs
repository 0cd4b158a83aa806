using System.Net;
using System.Text;

namespace Slipway.Testing;

/// <summary><c>slipway operator</c> as users run it, one process after another with the same options.</summary>
public sealed class OperatorProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly IReadOnlyList<string> _options;
    private readonly StringBuilder _log = new();

    /// <summary>Kept until nobody has this object any more: what was disposed of may be started again.</summary>
    private readonly ReservedPort _probePort = new();

    private SlipwayProcess? _process;

    /// <param name="database">Its --database.</param>
    /// <param name="kubeConfig">Its --kubeconfig.</param>
    /// <param name="options">More options.</param>
    public OperatorProcess(string database, string kubeConfig, params IReadOnlyList<string> options) => _options =
    [
        "operator", "--database", database, "--kubeconfig", kubeConfig, "--probe-address", $"127.0.0.1:{_probePort.Number}",
        .. Unless("--log-level", "debug", options), .. Unless("--env-keys-file", TestEnvKeys.File, options), .. options,
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

    public bool IsRunning => _process is { IsRunning: true };

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
    public void Launch() => _process = new SlipwayProcess(_options, _log);

    /// <summary>Its answer to /readyz; false also when there is nobody to answer.</summary>
    public async Task<bool> IsReadyAsync() => await ProbeAsync("readyz") == HttpStatusCode.OK;

    /// <summary>Its answer to /healthz or /readyz; null when there is nobody to answer.</summary>
    public async Task<HttpStatusCode?> ProbeAsync(string probe)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri($"http://127.0.0.1:{_probePort.Number}/{probe}"));
            return response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>What it says at /healthz or /readyz.</summary>
    public Task<string> AnswerAsync(string probe) => ReadAsync(new Uri($"http://127.0.0.1:{_probePort.Number}/{probe}"));

    /// <summary>SIGKILL: no handler runs, no buffer is flushed.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        _process!.Terminate();
        return await ExitAsync();
    }

    /// <summary>SIGSTOP: it does nothing more, and does not know it.</summary>
    public void Pause() => _process!.Pause();

    /// <summary>SIGCONT: it goes on in the middle of whatever it was doing.</summary>
    public void Resume() => _process!.Resume();

    /// <summary>Waits until it ends by itself.</summary>
    public Task<int> ExitAsync() => _process!.ExitAsync();

    public async ValueTask DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        _process = null;
    }

    private static async Task<string> ReadAsync(Uri uri)
    {
        using var response = await Http.GetAsync(uri);
        return await response.Content.ReadAsStringAsync();
    }

    private static IReadOnlyList<string> Unless(string option, string value, IReadOnlyList<string> options) =>
        options.Contains(option) ? [] : [option, value];
}
