namespace Slipway.Operator.Registry;

/// <summary>What a registry said of an image.</summary>
/// <param name="Digest">Digest of what the name points at: an index, or a single manifest.</param>
/// <param name="Equivalent">
/// Every digest that a node may report for it: the index, each platform's manifest, each platform's configuration.
/// </param>
public sealed record ResolvedDigests(string Digest, IReadOnlyList<string> Equivalent);

/// <summary>The registry could not be asked, or did not answer properly; it may do so later.</summary>
public sealed class RegistryUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The registry answered: there is no such image, or not for us. Asking again will not help.</summary>
public sealed class ImageNotFoundException(string message) : Exception(message);
