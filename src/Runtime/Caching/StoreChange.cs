namespace Slipway.Runtime.Caching;

/// <summary>One step of a cached object: created (no old), changed, or deleted (no new).</summary>
/// <param name="Old">What the cache held before; null when it held nothing.</param>
/// <param name="New">What it holds now; null when the object is gone.</param>
/// <param name="Initial">Part of a list and not news: the first list, or the replay to a handler that came late.</param>
public sealed record StoreChange<T>(T? Old, T? New, bool Initial)
    where T : class
{
    /// <summary>The object itself: as it is now, or as it last was.</summary>
    public T Latest => New ?? Old ?? throw new InvalidOperationException("A change needs an old or a new object.");
}
