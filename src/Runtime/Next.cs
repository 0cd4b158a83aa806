namespace Slipway.Runtime;

/// <summary>
/// What a reconcile that went well asks for. There is no third word for "went wrong": an exception means that, and
/// the key then comes back by its own exponential backoff.
/// </summary>
public readonly record struct Next
{
    private Next(TimeSpan? delay) => Delay = delay;

    /// <summary>Nothing to do until something changes.</summary>
    public static Next Settled => default;

    /// <summary>How long until the key is looked at again although nothing changed; null when settled.</summary>
    public TimeSpan? Delay { get; }

    /// <summary>Look again after the delay, or earlier if something changes. A delay of zero or less means at once.</summary>
    public static Next After(TimeSpan delay) => new(delay < TimeSpan.Zero ? TimeSpan.Zero : delay);

    public override string ToString() => Delay is { } delay ? $"After({delay})" : nameof(Settled);
}
