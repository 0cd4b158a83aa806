namespace Slipway.Runtime.Caching;

/// <summary>Which objects of a kind are cached. Informers of equal scope and type are shared.</summary>
public sealed record InformerScope
{
    /// <summary>All objects of the kind in all namespaces.</summary>
    public static InformerScope All { get; } = new();

    /// <summary>Only this namespace; null for all, and for cluster-scoped kinds.</summary>
    public string? Namespace { get; init; }

    /// <summary>Only objects whose labels match.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Only objects whose fields match, as far as the API server can select by them.</summary>
    public string? FieldSelector { get; init; }
}
