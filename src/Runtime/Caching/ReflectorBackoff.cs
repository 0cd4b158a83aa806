using Slipway.Runtime.Queueing;

namespace Slipway.Runtime.Caching;

/// <summary>Waits between failures of one reflector: doubling, jittered, and small again after a healthy while.</summary>
internal sealed class ReflectorBackoff(ReflectorOptions options, TimeProvider time, Random random)
{
    private readonly ExponentialBackoff _backoff = new(options.MinBackoff, options.MaxBackoff);
    private int _failures;
    private long _healthySince = time.GetTimestamp();

    /// <summary>
    /// How long to wait after a failure: between once and twice the backoff, so that clients do not come back in
    /// step, and never less than what the server asked for.
    /// </summary>
    public TimeSpan Next(TimeSpan? retryAfter)
    {
        if (time.GetElapsedTime(_healthySince) > options.HealthyAfter)
        {
            _failures = 0;
        }

        _failures = Math.Min(_failures + 1, 1000);
        var delay = _backoff.After(_failures) * (1 + random.NextDouble());
        delay = retryAfter > delay ? retryAfter.Value : delay;
        // Waiting is not being healthy: the measure starts when the wait is over.
        _healthySince = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
        return delay;
    }
}
