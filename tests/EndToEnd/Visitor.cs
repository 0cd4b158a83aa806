using Slipway.Testing;

namespace Slipway.EndToEnd;

/// <summary>Somebody who asks for a page over and over, each time on a new connection, and keeps every answer.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<string> _failures = [];
    private readonly Uri _page;
    private readonly Task _visiting;
    private int _answers;
    private string _last = "";

    public Visitor(Uri page)
    {
        _page = page;
        _visiting = VisitAsync();
    }

    /// <summary>What was no page, in the order in which it came.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures];
            }
        }
    }

    /// <summary>How many pages came.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Waits for more answers than there are by now.</summary>
    public async Task VisitSomeMoreAsync()
    {
        var enough = Answers + 20;
        await Eventually.See($"{enough} answers of {_page}", () => Answers >= enough || Failures.Count > 0, () => $"The last one: {_last}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _visiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _http.Dispose();
    }

    private async Task VisitAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _last = await _http.GetStringAsync(_page, _stopping.Token);
                Interlocked.Increment(ref _answers);
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException)
            {
                lock (_gate)
                {
                    _failures.Add($"after {Answers} answers: {exception.Message}");
                }
            }

            await Task.Delay(Pause, _stopping.Token);
        }
    }
}
