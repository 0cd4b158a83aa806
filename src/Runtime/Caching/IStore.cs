using Slipway.Crds.Meta;

namespace Slipway.Runtime.Caching;

/// <summary>
/// What the cluster holds of one kind, as last heard. Reading never blocks on the network, may lag behind the API
/// server, and never goes back in time. The objects are shared: they are immutable records, never change one.
/// </summary>
public interface IStore<T>
    where T : class, IResource<T>
{
    /// <summary>Whether the first list is in. Before that, an absent object means nothing.</summary>
    bool HasSynced { get; }

    int Count { get; }

    T? Get(NamespacedName key);

    IReadOnlyList<T> List();

    /// <summary>The objects of a namespace; those of a cluster-scoped kind are in the one that is called nothing.</summary>
    IReadOnlyList<T> InNamespace(string @namespace);

    /// <summary>The objects for which the index yields the value.</summary>
    /// <exception cref="ArgumentException">There is no index of that name.</exception>
    IReadOnlyList<T> ByIndex(string index, string value);
}
