using Slipway.Kubernetes.Faults;
using Slipway.Runtime.Queueing;

namespace Slipway.Runtime.Events;

/// <summary>
/// Tries to write one event until it is written, refused for good, or has taken too long: after half a second, doubled each
/// time up to eight, or when the server asks for it. The events behind it wait: what keeps one from being written mostly
/// keeps the others, too, and they stay in order.
/// </summary>
internal sealed class EventRetry(TimeSpan timeout, TimeProvider time)
{
    private static readonly ExponentialBackoff Backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(8));

    /// <exception cref="ApiException">What the last try was answered with.</exception>
    /// <exception cref="TimeoutException">There was no answer at all in time.</exception>
    public async Task ExecuteAsync(Func<CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var started = time.GetTimestamp();
        try
        {
            for (var failures = 1; await FailsAsync(write, timeout - time.GetElapsedTime(started), failures, either.Token) is { } wait; failures++)
            {
                await Task.Delay(wait, time, either.Token);
            }
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"it could not be written within {timeout}", error);
        }
    }

    /// <summary>How long to wait before the next try; null when there need be none.</summary>
    private static async Task<TimeSpan?> FailsAsync(
        Func<CancellationToken, Task> write, TimeSpan left, int failures, CancellationToken cancellationToken)
    {
        try
        {
            await write(cancellationToken);
            return null;
        }
        catch (ApiException error) when (error.IsTransient && Wait(error, failures) < left)
        {
            return Wait(error, failures);
        }
    }

    private static TimeSpan Wait(ApiException error, int failures) =>
        error.RetryAfter > Backoff.After(failures) ? error.RetryAfter.Value : Backoff.After(failures);
}
