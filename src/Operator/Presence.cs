using System.Globalization;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Runtime.Caching;

namespace Slipway.Operator;

/// <summary>Whether an object that the ledger knows is still there.</summary>
internal static class Presence
{
    /// <summary>
    /// What the cache shows is there; of anything else the API server's own word counts. What may not be looked at passes for there: in a
    /// namespace that was deleted a restricted operator has no role any more, and what it cannot see it must neither judge nor be held up by.
    /// </summary>
    public static async Task<bool> HasAsync<T>(
        KubeClient client, IStore<T> cached, NamespacedName key, Guid uid, CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        try
        {
            return IsObjectOf(uid, cached.Get(key)) || IsObjectOf(uid, await client.GetAsync<T>(key, cancellationToken));
        }
        catch (ApiException error) when (error.IsForbidden)
        {
            return true;
        }
    }

    private static bool IsObjectOf<T>(Guid uid, T? item)
        where T : class, IResource<T> =>
        item is not null && Guid.TryParse(item.Metadata.Uid, CultureInfo.InvariantCulture, out var found) && found == uid;
}
