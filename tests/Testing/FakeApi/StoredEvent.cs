using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>One change as the store remembers it.</summary>
/// <param name="Version">The version it made.</param>
/// <param name="Key">What changed.</param>
/// <param name="Before">The object before, null when it was created.</param>
/// <param name="After">The object after; for a deletion, as it was last, with the version of the deletion.</param>
/// <param name="Deleted">Whether it is gone.</param>
internal sealed record StoredEvent(long Version, ResourceKey Key, JsonObject? Before, JsonObject After, bool Deleted);
