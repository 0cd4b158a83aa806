using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Operator.Releases;
using Slipway.Runtime.Caching;

namespace Slipway.Operator;

/// <summary>
/// Finds the rows of the ledger whose object is gone although nobody ended them: it went while the ledger was away, or by somebody's
/// hand. Each gets some time first: whoever restores objects under new UIDs finds them as they were. Asks the API server and no cache.
/// </summary>
/// <param name="namespaces">Of objects elsewhere nothing can be said, and their rows are let be.</param>
/// <param name="objects">What the cache has of the objects: one that it shows need not be asked for.</param>
/// <param name="grace">For how long an object must be gone.</param>
/// <param name="identityOf">The UID and the key of the object that a row is of.</param>
internal sealed class VanishedRows<TRow, T>(
    KubeClient client, ClusterIdentity cluster, WatchedNamespaces namespaces, IStore<T> objects, TimeProvider time, TimeSpan grace,
    Func<TRow, (Guid Uid, NamespacedName Key)> identityOf)
    where T : class, IResource<T>
{
    /// <summary>Since when each object has been missed, on the own clock; a restart begins anew.</summary>
    private readonly Dictionary<Guid, long> _missed = [];

    /// <param name="list">The rows of a cluster that are not ended.</param>
    /// <param name="hasGrace">Whether a row waits for the grace, or may be ended at once.</param>
    /// <param name="end">Ends a row.</param>
    /// <param name="cancellationToken">Ends the round.</param>
    /// <returns>When to look again; null when nothing is waited for.</returns>
    public async Task<TimeSpan?> SweepAsync(
        Func<Guid, CancellationToken, Task<IReadOnlyList<TRow>>> list,
        Func<TRow, bool> hasGrace,
        Func<TRow, CancellationToken, Task> end,
        CancellationToken cancellationToken)
    {
        if (await cluster.ReadAsync(cancellationToken) is not { } here)
        {
            return null;
        }

        var missing = await FindMissingAsync(await list(here, cancellationToken), cancellationToken);
        Forget(missing);
        TimeSpan? next = null;
        foreach (var row in missing)
        {
            var left = hasGrace(row) ? Left(identityOf(row).Uid) : TimeSpan.Zero;
            if (left > TimeSpan.Zero)
            {
                next = next < left ? next : left;
                continue;
            }

            await end(row, cancellationToken);
        }

        return next;
    }

    private async Task<List<TRow>> FindMissingAsync(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        var missing = new List<TRow>();
        foreach (var row in rows.Where(row => namespaces.Contains(identityOf(row).Key.Namespace)))
        {
            var (uid, key) = identityOf(row);
            if (!await Presence.HasAsync(client, objects, key, uid, cancellationToken))
            {
                missing.Add(row);
            }
        }

        if (missing.Count > 0)
        {
            // Without the custom resource definition every object seems to be gone; then this fails, and so does the round.
            await client.ListAsync<T>(new ListOptions { Namespace = identityOf(missing[0]).Key.Namespace, Limit = 1 }, cancellationToken);
        }

        return missing;
    }

    private void Forget(List<TRow> missing)
    {
        foreach (var seen in _missed.Keys.Except(missing.Select(row => identityOf(row).Uid)).ToList())
        {
            _missed.Remove(seen);
        }
    }

    private TimeSpan Left(Guid uid)
    {
        if (!_missed.TryGetValue(uid, out var since))
        {
            _missed.Add(uid, since = time.GetTimestamp());
        }

        return grace - time.GetElapsedTime(since);
    }
}
