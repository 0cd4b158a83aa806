namespace Slipway.Kubernetes.Watching;

/// <summary>What happened to an object.</summary>
public enum WatchEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Nothing: the server says up to which version everything has been reported.</summary>
    Bookmark,
}
