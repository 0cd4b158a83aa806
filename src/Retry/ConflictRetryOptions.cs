namespace Slipway.Retry;

/// <summary>How often a lost race is run again, and how long the loser waits before it. The same for every optimistic conflict.</summary>
public sealed record ConflictRetryOptions
{
    /// <summary>Attempts after the first one; 0 means that the first conflict is final. Default 5.</summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>The shortest wait before an attempt is repeated. Default 5 ms.</summary>
    public TimeSpan MinDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest wait before an attempt is repeated; the waits are uniform between the two. Default 50 ms.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Checks that retries ≥ 0 and 0 ≤ min ≤ max.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it and the remedy.</exception>
    public void Validate()
    {
        if (MaxRetries < 0)
        {
            throw new ArgumentException($"MaxRetries is {MaxRetries}: use 0 to give up at the first conflict, or a positive number.");
        }

        if (MinDelay < TimeSpan.Zero)
        {
            throw new ArgumentException($"MinDelay is {MinDelay.TotalMilliseconds} ms: use 0 or more.");
        }

        if (MaxDelay < MinDelay)
        {
            throw new ArgumentException(
                $"MaxDelay is {MaxDelay.TotalMilliseconds} ms, less than MinDelay ({MinDelay.TotalMilliseconds} ms): raise MaxDelay or lower MinDelay.");
        }
    }
}
