namespace Slipway.Kubernetes;

/// <summary>What a watch reports, from where on, and how long it lives.</summary>
public sealed record WatchOptions
{
    /// <summary>The namespace to watch, or null for all of them (and for cluster-scoped kinds).</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Events after this version are reported. Null starts with a synthetic Added for everything that exists.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Whether the server may send bookmarks. It need not.</summary>
    public bool AllowBookmarks { get; init; } = true;

    /// <summary>
    /// Whether the watch starts with the state (WatchList, Kubernetes 1.27 and newer): synthetic Added events, then a
    /// bookmark with <see cref="Watching.WatchEvent{T}.InitialEventsEnd"/>. Older servers ignore or refuse it.
    /// </summary>
    public bool SendInitialEvents { get; init; }

    /// <summary>After how long the server ends the watch. A watch that outlives it by five seconds is taken for dead.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After how long without a single byte the watch is taken for dead, or null for no limit of its own.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Told when the server has begun to stream: it did not refuse, and may be silent for long. Must not throw.</summary>
    public Action? OnOpened { get; init; }

    /// <summary>Told of every object that cannot be decoded; its event is not reported otherwise. Must not throw.</summary>
    public Action<UndecodableObject>? OnUndecodable { get; init; }
}
