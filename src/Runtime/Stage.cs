namespace Slipway.Runtime;

/// <summary>Tasks that start together, are cancelled together and awaited together.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task[] _tasks;
    private bool _disposed;

    public Stage(IEnumerable<Func<CancellationToken, Task>> works) => _tasks = [.. works.Select(RunAsync)];

    /// <summary>Completes when one of the tasks failed.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Cancels the tasks, awaits them all and throws what one of them threw, the first time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stop.CancelAsync();
        try
        {
            await Task.WhenAll(_tasks);
        }
        finally
        {
            _stop.Dispose();
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            await Task.Run(() => work(_stop.Token), CancellationToken.None);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch
        {
            _failed.TrySetResult();
            throw;
        }
    }
}
