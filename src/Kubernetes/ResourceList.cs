namespace Slipway.Kubernetes;

/// <summary>One page of a list.</summary>
/// <param name="Items">The objects that could be decoded.</param>
/// <param name="ResourceVersion">Where a watch continues without a gap.</param>
/// <param name="Continue">The token of the next page, or null on the last one.</param>
/// <param name="Skipped">The objects that could not be decoded. One malformed object never hides the others.</param>
public sealed record ResourceList<T>(
    IReadOnlyList<T> Items,
    string ResourceVersion,
    string? Continue,
    IReadOnlyList<UndecodableObject> Skipped);
