namespace Slipway.Runtime.Events;

/// <summary>Who tells the events, and how many there may be.</summary>
public sealed record EventRecorderOptions
{
    /// <summary>Who tells them; a qualified name, for example <c>example.com/operator</c>.</summary>
    public required string Controller { get; init; }

    /// <summary>Which process tells them, usually the pod's name; at most 128 characters.</summary>
    public required string Instance { get; init; }

    /// <summary>How many may wait to be written; more are dropped.</summary>
    public int Capacity { get; init; } = 1000;

    /// <summary>The same event within this time after the last becomes one more of a series.</summary>
    public TimeSpan SeriesWindow { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>How many writes in a row one object may cause.</summary>
    public int Burst { get; init; } = 25;

    /// <summary>How long it takes until a spent write comes back.</summary>
    public TimeSpan RefillEvery { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How many objects and series are remembered; the longest unused go first.</summary>
    public int Memory { get; init; } = 4096;

    /// <summary>
    /// How long a write that fails for now is tried again, and so how long one event may hold up those behind it. What cannot
    /// be written in this time is dropped.
    /// </summary>
    public TimeSpan RetryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long, at the end, the waiting events may take to be written.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
