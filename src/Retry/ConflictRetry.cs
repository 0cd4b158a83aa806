using System.Diagnostics.Metrics;
using Polly;
using Polly.Retry;

namespace Slipway.Retry;

/// <summary>
/// The one policy for optimistic conflicts: a lost race is run again after a uniform jitter, at most
/// <see cref="ConflictRetryOptions.MaxRetries"/> times. Safe for concurrent use; make one and share it.
/// </summary>
public sealed class ConflictRetry
{
    /// <summary>The meter of <c>slipway_conflict_collisions_total</c>.</summary>
    public const string MeterName = "Slipway.Retry";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Collisions =
        Meter.CreateCounter<long>("slipway_conflict_collisions_total", description: "Optimistic writes that lost a race, by operation.");

    private static readonly ResiliencePropertyKey<ConflictOperation> OperationKey = new("slipway.conflict-operation");

    private readonly ConflictRetryOptions _options;
    private readonly Random _random;
    private readonly Action<Collision>? _onCollision;
    private readonly ResiliencePipeline _pipeline;
    private readonly Lock _dice = new();

    /// <param name="options">Validated here.</param>
    /// <param name="time">Whose clock the waits run on.</param>
    /// <param name="random">Where the jitter comes from; drawn from under a lock, so any <see cref="Random"/> will do.</param>
    /// <param name="onCollision">Called once per collision, the last one included, before the wait. It must not throw.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ConflictRetry(ConflictRetryOptions options, TimeProvider time, Random random, Action<Collision>? onCollision = null)
    {
        options.Validate();
        _options = options;
        _random = random;
        _onCollision = onCollision;
        _pipeline = Build(time);
    }

    /// <summary>
    /// Runs <paramref name="attempt"/> until it succeeds, fails for another reason than a conflict, or the retries are used up.
    /// </summary>
    /// <param name="operation">What counts as a conflict, and what is thrown at the end.</param>
    /// <param name="attempt">One whole attempt: it reads afresh and decides afresh. Gets its number, from 1.</param>
    /// <param name="cancellationToken">Ends the waits; the conflict at hand is then not reported as exhausted.</param>
    /// <exception cref="Exception">
    /// What <see cref="ConflictOperation.Exhausted"/> made, with 0 retries too; any other error of an attempt as it was thrown.
    /// </exception>
    public async Task<T> ExecuteAsync<T>(
        ConflictOperation operation, Func<int, CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var attempts = 0;
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(OperationKey, operation);
        try
        {
            return await _pipeline.ExecuteAsync(
                context => RunAsync(operation, attempt, ++attempts, context.CancellationToken), context);
        }
        catch (Exception error) when (operation.IsConflict(error))
        {
            if (attempts <= _options.MaxRetries)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            throw operation.Exhausted(error, attempts);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<T> RunAsync<T>(
        ConflictOperation operation, Func<int, CancellationToken, Task<T>> attempt, int number, CancellationToken cancellationToken)
    {
        try
        {
            return await attempt(number, cancellationToken);
        }
        catch (Exception error) when (operation.IsConflict(error))
        {
            Collisions.Add(1, new KeyValuePair<string, object?>("operation", operation.Name));
            _onCollision?.Invoke(new Collision(operation.Name, operation.Subject, number, error));
            throw;
        }
    }

    private ResiliencePipeline Build(TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (_options.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = _options.MaxRetries,
                ShouldHandle = arguments => new ValueTask<bool>(IsConflict(arguments)),
                DelayGenerator = _ => new ValueTask<TimeSpan?>(NextDelay()),
            });
        }

        return builder.Build();
    }

    private static bool IsConflict(RetryPredicateArguments<object> arguments) =>
        arguments.Outcome.Exception is { } error
        && arguments.Context.Properties.TryGetValue(OperationKey, out var operation)
        && operation.IsConflict(error);

    private TimeSpan NextDelay()
    {
        lock (_dice)
        {
            return _options.MinDelay + ((_options.MaxDelay - _options.MinDelay) * _random.NextDouble());
        }
    }
}
