namespace Slipway.Runtime.Queueing;

/// <summary>Which waiting keys go first. Within a priority, keys go in the order in which they became ready.</summary>
public enum QueuePriority
{
    /// <summary>Initial lists and resyncs: many keys, most of which need nothing.</summary>
    Low,

    /// <summary>Something really happened.</summary>
    Normal,
}
