using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>The store as it was at a version: what a server sees whose cache lags behind.</summary>
internal sealed record StoreReplica(long Version, IReadOnlyDictionary<ResourceKey, JsonObject> Objects, StoreHistory History)
{
    /// <summary>Undoes what happened after a version.</summary>
    public static StoreReplica At(long version, IReadOnlyDictionary<ResourceKey, JsonObject> now, StoreHistory history)
    {
        var objects = new Dictionary<ResourceKey, JsonObject>(now);
        foreach (var entry in history.Since(version).Reverse())
        {
            if (entry.Before is { } before)
            {
                objects[entry.Key] = before;
            }
            else
            {
                objects.Remove(entry.Key);
            }
        }

        return new StoreReplica(version, objects, history.Until(version));
    }
}
