using Slipway.Operator.Tests.Integration;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>Looks at the ledger again and again, on a connection of its own, for what must not be in it at any moment.</summary>
public sealed class LedgerWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task<IReadOnlyList<string>> _watching;

    private LedgerWatch(LedgerDatabase ledger) => _watching = WatchAsync(ledger);

    public static LedgerWatch Start(LedgerDatabase ledger) => new(ledger);

    /// <summary>Ends the watch. What was found first; empty when nothing was.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await _stopping.CancelAsync();
        return await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await ((Task)_watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task<IReadOnlyList<string>> WatchAsync(LedgerDatabase ledger)
    {
        while (true)
        {
            var last = _stopping.IsCancellationRequested;
            var found = await ledger.ViolationsAsync();
            if (found.Count > 0 || last)
            {
                return found;
            }

            await Task.Delay(Pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
