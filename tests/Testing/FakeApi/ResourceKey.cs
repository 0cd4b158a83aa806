namespace Slipway.Testing.FakeApi;

/// <summary>All objects of a kind.</summary>
public readonly record struct CollectionKey(string Group, string Plural);

/// <summary>One object. The namespace is empty for cluster-scoped kinds.</summary>
public readonly record struct ResourceKey(CollectionKey Collection, string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
