namespace Slipway.Testing.FakeApi;

/// <summary>A request as it arrived.</summary>
/// <param name="Method">For example <c>PATCH</c>.</param>
/// <param name="Path">Path without the query.</param>
/// <param name="Query">Decoded query parameters.</param>
/// <param name="ContentType">Media type of the body, or empty.</param>
/// <param name="Body">The body as text.</param>
/// <param name="Authorization">The header, or empty.</param>
public sealed record RecordedRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, string ContentType, string Body, string Authorization)
{
    public bool IsWatch => Query.ContainsKey("watch");

    public override string ToString() => $"{Method} {Path}?{string.Join('&', Query.Select(pair => $"{pair.Key}={pair.Value}"))}";
}
