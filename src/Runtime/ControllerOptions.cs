namespace Slipway.Runtime;

/// <summary>How one controller works through its queue.</summary>
public sealed record ControllerOptions
{
    /// <summary>Timers cannot be set much further ahead.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    /// <summary>How many keys are reconciled at the same time.</summary>
    public int MaxConcurrentReconciles { get; init; } = 1;

    /// <summary>After so long a reconcile is cancelled and counts as failed.</summary>
    public TimeSpan ReconcileTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The wait after a key's first failure; it doubles with each further one.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest wait after a failure.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often every key is looked at although nothing changed, at low priority and give or take a tenth; null for never.
    /// </summary>
    public TimeSpan? ResyncPeriod { get; init; } = TimeSpan.FromHours(10);

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        Require(MaxConcurrentReconciles > 0, $"MaxConcurrentReconciles is {MaxConcurrentReconciles}: use at least 1.");
        Require(IsWaitable(ReconcileTimeout), $"ReconcileTimeout is {ReconcileTimeout}: use more than zero and at most {LongestWait.Days} days.");
        Require(MinBackoff > TimeSpan.Zero && MinBackoff <= MaxBackoff, $"Backoff is {MinBackoff} to {MaxBackoff}: use 0 < min <= max.");
        Require(
            ResyncPeriod is not { } period || IsWaitable(period),
            $"ResyncPeriod is {ResyncPeriod}: use more than zero and at most {LongestWait.Days} days, or null.");
    }

    private static bool IsWaitable(TimeSpan time) => time > TimeSpan.Zero && time <= LongestWait;

    private static void Require(bool fulfilled, string message)
    {
        if (!fulfilled)
        {
            throw new ArgumentException(message);
        }
    }
}
