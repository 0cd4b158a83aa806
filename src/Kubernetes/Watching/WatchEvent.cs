namespace Slipway.Kubernetes.Watching;

/// <summary>One event of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object after the change, before it for Deleted; null for bookmarks only.</param>
/// <param name="ResourceVersion">The version from which a later watch continues without a gap.</param>
/// <param name="InitialEventsEnd">On a bookmark: the initial state is complete (WatchList).</param>
public sealed record WatchEvent<T>(WatchEventType Type, T? Object, string ResourceVersion, bool InitialEventsEnd)
    where T : class;
