namespace Slipway.Ledger;

/// <summary>Where a stack stands; it only ever moves down this list.</summary>
public enum StackLifecycle
{
    /// <summary>It takes releases.</summary>
    Live,

    /// <summary>It is being torn down: nothing is in flight any more and nothing is admitted.</summary>
    Deleting,

    /// <summary>Its object is gone. The row stays, as the tombstone of its UID.</summary>
    Deleted,
}

internal static class StackLifecycles
{
    public static StackLifecycle FromSql(string lifecycle) => lifecycle switch
    {
        "live" => StackLifecycle.Live,
        "deleting" => StackLifecycle.Deleting,
        "deleted" => StackLifecycle.Deleted,
        _ => throw new InvalidDataException($"The ledger holds the lifecycle '{lifecycle}', which this version does not know: upgrade slipway."),
    };
}
