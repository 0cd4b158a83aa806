namespace Slipway.Runtime.Caching;

/// <summary>How patiently the API server is listed and watched. The defaults are client-go's.</summary>
public sealed record ReflectorOptions
{
    /// <summary>Most objects in one page of a list that the server does not answer from its cache.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>
    /// Whether the state is taken in as a stream (WatchList) where the server has it, which costs both sides far less memory
    /// than a list. A server without it is listed, whatever this says.
    /// </summary>
    public bool StreamingList { get; init; } = true;

    /// <summary>
    /// How long a server may stream without adding to the state or saying that it is complete. After that it is taken for one that
    /// ignores what it was asked for, and is listed from then on.
    /// </summary>
    public TimeSpan InitialEventsTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A watch is asked to end after a random time between this and twice this.</summary>
    public TimeSpan MinWatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A watch that says nothing for this much longer than it was asked to live is dead: a half-open connection.</summary>
    public TimeSpan IdleGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A watch that ended sooner than this without an event counts as failed.</summary>
    public TimeSpan ShortestWatch { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(800);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After so long without a failure the backoff starts small again.</summary>
    public TimeSpan HealthyAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        Require(PageSize > 0, $"PageSize is {PageSize}: use at least 1.");
        Require(InitialEventsTimeout > TimeSpan.Zero, $"InitialEventsTimeout is {InitialEventsTimeout}: use more than zero.");
        Require(MinWatchTimeout >= TimeSpan.FromSeconds(1), $"MinWatchTimeout is {MinWatchTimeout}: use at least a second.");
        Require(IdleGrace > TimeSpan.Zero, $"IdleGrace is {IdleGrace}: use more than zero.");
        Require(MinBackoff > TimeSpan.Zero && MinBackoff <= MaxBackoff, $"Backoff is {MinBackoff} to {MaxBackoff}: use 0 < min <= max.");
    }

    private static void Require(bool fulfilled, string message)
    {
        if (!fulfilled)
        {
            throw new ArgumentException(message);
        }
    }
}
