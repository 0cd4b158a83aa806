using Slipway.Crds.Meta;

namespace Slipway.Runtime.Caching;

/// <summary>The caches of several namespaces as one: for whoever may not look at all of them.</summary>
/// <param name="informers">One for each namespace, by its name.</param>
internal sealed class NamespacedCache<T>(IReadOnlyDictionary<string, Informer<T>> informers) : ICache<T>, IStore<T>
    where T : class, IResource<T>
{
    public IStore<T> Store => this;

    public bool HasSynced => informers.Values.All(informer => informer.Store.HasSynced);

    public int Count => informers.Values.Sum(informer => informer.Store.Count);

    public void AddIndex(string name, Func<T, IEnumerable<string>> valuesOf)
    {
        foreach (var informer in informers.Values)
        {
            informer.AddIndex(name, valuesOf);
        }
    }

    /// <remarks>Each namespace feeds on its own, and a handler counts on being called one at a time.</remarks>
    public void OnChange(Action<StoreChange<T>> handler)
    {
        var gate = new Lock();
        foreach (var informer in informers.Values)
        {
            informer.OnChange(Tell);
        }

        void Tell(StoreChange<T> change)
        {
            lock (gate)
            {
                handler(change);
            }
        }
    }

    public T? Get(NamespacedName key) => informers.TryGetValue(key.Namespace, out var informer) ? informer.Store.Get(key) : null;

    public IReadOnlyList<T> List() => [.. informers.Values.SelectMany(informer => informer.Store.List())];

    public IReadOnlyList<T> InNamespace(string @namespace) =>
        informers.TryGetValue(@namespace, out var informer) ? informer.Store.List() : [];

    public IReadOnlyList<T> ByIndex(string index, string value) =>
        [.. informers.Values.SelectMany(informer => informer.Store.ByIndex(index, value))];
}
