using Slipway.Crds.Meta;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Tests;

/// <summary>A cache that holds just these.</summary>
internal sealed class Shelf<T>(params IReadOnlyList<T> items) : IStore<T>
    where T : class, IResource<T>
{
    public bool HasSynced => true;

    public int Count => items.Count;

    public T? Get(NamespacedName key) => items.FirstOrDefault(item => NamespacedName.Of(item) == key);

    public IReadOnlyList<T> List() => items;

    public IReadOnlyList<T> InNamespace(string @namespace) => [.. items.Where(item => NamespacedName.Of(item).Namespace == @namespace)];

    public IReadOnlyList<T> ByIndex(string index, string value) => items;
}
