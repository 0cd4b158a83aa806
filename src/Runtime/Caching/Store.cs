using Slipway.Crds.Meta;
using Slipway.Kubernetes;

namespace Slipway.Runtime.Caching;

/// <summary>
/// The cache behind an informer. Thread-safe. Every write returns the changes it made, in order; an empty result means
/// that the news was older than what is known.
/// </summary>
public sealed class Store<T> : IStore<T>
    where T : class, IResource<T>
{
    /// <summary>No name that anybody would give to an index of theirs.</summary>
    private const string NamespaceIndex = "";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoreIndex<T>> _indexes = new(StringComparer.Ordinal);
    private readonly Dictionary<NamespacedName, T> _items = [];
    private readonly Departures _departures = new();
    private string? _version;
    private bool _synced;

    public bool HasSynced
    {
        get
        {
            lock (_gate)
            {
                return _synced;
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _items.Count;
            }
        }
    }

    /// <summary>Up to where the API server's history is known here; null before the first list.</summary>
    public string? ResourceVersion
    {
        get
        {
            lock (_gate)
            {
                return _version;
            }
        }
    }

    public T? Get(NamespacedName key)
    {
        lock (_gate)
        {
            return _items.GetValueOrDefault(key);
        }
    }

    public IReadOnlyList<T> List()
    {
        lock (_gate)
        {
            return [.. _items.Values];
        }
    }

    public IReadOnlyList<T> ByIndex(string index, string value)
    {
        lock (_gate)
        {
            return _indexes.TryGetValue(index, out var found)
                ? [.. found.Keys(value).Select(key => _items[key])]
                : throw new ArgumentException($"{T.Type.FullName} has no index {index}: add it with AddIndex.", nameof(index));
        }
    }

    /// <summary>As of an index, which is kept from the first question on: not every cache is asked it.</summary>
    public IReadOnlyList<T> InNamespace(string @namespace)
    {
        lock (_gate)
        {
            if (!_indexes.TryGetValue(NamespaceIndex, out var index))
            {
                index = NewIndex(NamespaceIndex, item => [item.Metadata.Namespace ?? ""]);
            }

            return [.. index.Keys(@namespace).Select(key => _items[key])];
        }
    }

    /// <summary>Adds a named index. The function must be pure: it is asked again when the object leaves the store.</summary>
    /// <exception cref="ArgumentException">There is an index of that name.</exception>
    public void AddIndex(string name, Func<T, IEnumerable<string>> valuesOf)
    {
        lock (_gate)
        {
            NewIndex(name, valuesOf);
        }
    }

    /// <summary>Takes in an object that a watch reported as existing.</summary>
    public IReadOnlyList<StoreChange<T>> Set(T item)
    {
        lock (_gate)
        {
            Heard(item.Metadata.ResourceVersion);
            return _departures.Hides(item.Metadata) ? [] : SetIfNewer(item);
        }
    }

    /// <summary>
    /// Takes in an object that a request of our own returned, ahead of the watch. It is ignored unless it is newer
    /// than everything heard: an older one that is not here has been deleted since, and must not rise again.
    /// </summary>
    /// <param name="onlyKnown">Ignore it also when it is not here, whatever its version.</param>
    public IReadOnlyList<StoreChange<T>> Observe(T item, bool onlyKnown = false)
    {
        lock (_gate)
        {
            var known = Holds(NamespacedName.Of(item), item.Metadata.Uid) is not null;
            var ahead = !onlyKnown && (_version is null || ResourceVersions.IsLater(item.Metadata.ResourceVersion, _version));
            return (known || ahead) && !item.Metadata.HasEnded() && !_departures.Hides(item.Metadata) ? SetIfNewer(item) : [];
        }
    }

    /// <summary>
    /// Takes in, ahead of the watch, that a request of our own ended an object. What the watch still reports of it is older and
    /// does not bring it back.
    /// </summary>
    public IReadOnlyList<StoreChange<T>> ObserveEnd(NamespacedName key, string uid)
    {
        lock (_gate)
        {
            var held = Holds(key, uid);
            _departures.AddEnd(uid);
            return held is null ? [] : [Lose(key, held)];
        }
    }

    /// <summary>Takes in, ahead of the watch, that a write of our own took an object out of what is cached here, or left it outside.</summary>
    public IReadOnlyList<StoreChange<T>> ObserveLeave(T item)
    {
        lock (_gate)
        {
            var key = NamespacedName.Of(item);
            var held = Holds(key, item.Metadata.Uid);
            if (!ResourceVersions.IsLater(item.Metadata.ResourceVersion, held?.Metadata.ResourceVersion ?? _version)
                || _departures.Hides(item.Metadata))
            {
                return [];
            }

            _departures.AddLeave(item.Metadata.Uid ?? "", item.Metadata.ResourceVersion!);
            return held is null ? [] : [Lose(key, held)];
        }
    }

    /// <summary>Takes in a watch's report of a deletion, with the last state of the object.</summary>
    public IReadOnlyList<StoreChange<T>> Remove(T last)
    {
        lock (_gate)
        {
            Heard(last.Metadata.ResourceVersion);
            return RemoveUnlessNewer(NamespacedName.Of(last), last.Metadata.ResourceVersion);
        }
    }

    /// <summary>As <see cref="Remove(T)"/>, of an object whose last state could not be read.</summary>
    public IReadOnlyList<StoreChange<T>> Remove(NamespacedName key, string resourceVersion)
    {
        lock (_gate)
        {
            Heard(resourceVersion);
            return RemoveUnlessNewer(key, resourceVersion);
        }
    }

    /// <summary>Moves on without a change (a bookmark).</summary>
    public void Advance(string resourceVersion)
    {
        lock (_gate)
        {
            Heard(resourceVersion);
        }
    }

    /// <summary>
    /// Replaces the contents by a list, in one step for readers, and returns what differs: also the objects that were
    /// deleted while nobody watched. Objects later than the list (own writes) stay.
    /// </summary>
    /// <param name="items">Everything the list held.</param>
    /// <param name="resourceVersion">Version of the list as a whole.</param>
    /// <param name="unreadable">Keys of objects that exist but could not be decoded: their last readable state stays.</param>
    /// <param name="rewound">The server went back in time (restored from a backup): the list counts, whatever its version.</param>
    public IReadOnlyList<StoreChange<T>> Replace(
        IReadOnlyList<T> items,
        string resourceVersion,
        IReadOnlySet<NamespacedName> unreadable,
        bool rewound)
    {
        lock (_gate)
        {
            var changes = new List<StoreChange<T>>();
            var listed = new HashSet<NamespacedName>(items.Count);
            if (rewound)
            {
                _departures.Clear();
            }

            foreach (var item in items.Where(item => !_departures.Hides(item.Metadata)))
            {
                listed.Add(NamespacedName.Of(item));
                changes.AddRange(rewound ? SetIfDifferent(item) : SetIfNewer(item, initial: !_synced));
            }

            changes.AddRange(_items
                .Where(held => !listed.Contains(held.Key) && !unreadable.Contains(held.Key))
                .Where(held => rewound || !ResourceVersions.IsLater(held.Value.Metadata.ResourceVersion, resourceVersion))
                .ToList()
                .Select(gone => Lose(gone.Key, gone.Value)));
            _version = resourceVersion;
            _departures.Passed(resourceVersion);
            _synced = true;
            return changes;
        }
    }

    private StoreIndex<T> NewIndex(string name, Func<T, IEnumerable<string>> valuesOf)
    {
        var index = new StoreIndex<T>(valuesOf);
        _indexes.Add(name, index);
        foreach (var (key, item) in _items)
        {
            index.Add(key, item);
        }

        return index;
    }

    private T? Holds(NamespacedName key, string? uid) =>
        _items.TryGetValue(key, out var held) && held.Metadata.Uid == uid ? held : null;

    /// <summary>
    /// What is newer than the reported end is another object of the name, or the same one come back into what is cached here.
    /// </summary>
    private IReadOnlyList<StoreChange<T>> RemoveUnlessNewer(NamespacedName key, string? resourceVersion) =>
        _items.TryGetValue(key, out var held) && !ResourceVersions.IsLater(held.Metadata.ResourceVersion, resourceVersion)
            ? [Lose(key, held)]
            : [];

    private StoreChange<T> Lose(NamespacedName key, T item)
    {
        Drop(key, item);
        return new StoreChange<T>(item, null, false);
    }

    private void Heard(string? resourceVersion)
    {
        if (!string.IsNullOrEmpty(resourceVersion) && ResourceVersions.Compare(resourceVersion, _version) is not <= 0)
        {
            _version = resourceVersion;
            _departures.Passed(resourceVersion);
        }
    }

    private IReadOnlyList<StoreChange<T>> SetIfNewer(T item, bool initial = false)
    {
        var old = _items.GetValueOrDefault(NamespacedName.Of(item));
        var stale = old is not null
            && (old.Metadata.ResourceVersion == item.Metadata.ResourceVersion
                || ResourceVersions.IsLater(old.Metadata.ResourceVersion, item.Metadata.ResourceVersion));
        if (old is not null && old.Metadata.Uid != item.Metadata.Uid)
        {
            // Two objects of one name: the earlier one has ended, even if the watch is still to report things of it.
            _departures.AddEnd((stale ? item : old).Metadata.Uid ?? "");
        }

        return stale ? [] : Put(old, item, initial);
    }

    private IReadOnlyList<StoreChange<T>> SetIfDifferent(T item)
    {
        var old = _items.GetValueOrDefault(NamespacedName.Of(item));
        var same = old?.Metadata.Uid == item.Metadata.Uid && old?.Metadata.ResourceVersion == item.Metadata.ResourceVersion;
        return same ? [] : Put(old, item, false);
    }

    private IReadOnlyList<StoreChange<T>> Put(T? old, T item, bool initial)
    {
        var key = NamespacedName.Of(item);
        if (old is not null)
        {
            Drop(key, old);
        }

        _items[key] = item;
        foreach (var index in _indexes.Values)
        {
            index.Add(key, item);
        }

        // An object that was replaced by a namesake while nobody watched is one end and one beginning.
        return old is null || old.Metadata.Uid == item.Metadata.Uid
            ? [new StoreChange<T>(old, item, initial)]
            : [new StoreChange<T>(old, null, false), new StoreChange<T>(null, item, initial)];
    }

    private void Drop(NamespacedName key, T item)
    {
        _items.Remove(key);
        foreach (var index in _indexes.Values)
        {
            index.Remove(key, item);
        }
    }
}
