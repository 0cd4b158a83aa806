namespace Slipway.Runtime.Queueing;

/// <summary>min, 2·min, 4·min … up to max.</summary>
public sealed record ExponentialBackoff
{
    /// <exception cref="ArgumentException">The minimum is not above zero, or the maximum is below it.</exception>
    public ExponentialBackoff(TimeSpan min, TimeSpan max)
    {
        if (min <= TimeSpan.Zero || max < min)
        {
            throw new ArgumentException($"A backoff from {min} to {max} cannot grow: use 0 < min <= max.");
        }

        Min = min;
        Max = max;
    }

    public TimeSpan Min { get; }

    public TimeSpan Max { get; }

    /// <summary>The delay after so many failures in a row, counted from 1.</summary>
    public TimeSpan After(int failures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        // In floating point, so that the thousandth doubling is infinity and not a wrapped-around negative.
        var ticks = Min.Ticks * Math.Pow(2, failures - 1);
        return ticks >= Max.Ticks ? Max : TimeSpan.FromTicks((long)ticks);
    }
}
