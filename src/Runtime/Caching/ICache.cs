using Slipway.Crds.Meta;

namespace Slipway.Runtime.Caching;

/// <summary>A cache of one kind that keeps itself equal to the API server, and tells of every change.</summary>
public interface ICache<T>
    where T : class, IResource<T>
{
    IStore<T> Store { get; }

    /// <summary>Adds a named index to the store, also over what is there already.</summary>
    /// <param name="name">Name for <see cref="IStore{T}.ByIndex"/>.</param>
    /// <param name="valuesOf">The values an object is found under. Must be pure.</param>
    /// <exception cref="ArgumentException">There is an index of that name.</exception>
    void AddIndex(string name, Func<T, IEnumerable<string>> valuesOf);

    /// <summary>
    /// Calls the handler for every change from now on, one at a time and in order for each object; first for everything that is there
    /// already. The handler must be quick: it holds up the watch.
    /// </summary>
    void OnChange(Action<StoreChange<T>> handler);
}
