using Slipway.Crds.Meta;

namespace Slipway.Runtime.Caching;

/// <summary>Value → keys of the objects that yield it. Not thread-safe.</summary>
internal sealed class StoreIndex<T>(Func<T, IEnumerable<string>> valuesOf)
{
    private readonly Dictionary<string, HashSet<NamespacedName>> _keys = new(StringComparer.Ordinal);

    public IReadOnlyCollection<NamespacedName> Keys(string value) => _keys.TryGetValue(value, out var keys) ? keys : [];

    public void Add(NamespacedName key, T item)
    {
        foreach (var value in valuesOf(item))
        {
            if (!_keys.TryGetValue(value, out var keys))
            {
                _keys.Add(value, keys = []);
            }

            keys.Add(key);
        }
    }

    public void Remove(NamespacedName key, T item)
    {
        foreach (var value in valuesOf(item))
        {
            if (_keys.TryGetValue(value, out var keys) && keys.Remove(key) && keys.Count == 0)
            {
                _keys.Remove(value);
            }
        }
    }
}
