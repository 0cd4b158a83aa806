using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>Answers lists, in pages of one consistent snapshot.</summary>
internal sealed class ListHandler(FakeStore store)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Page> _pages = [];
    private int _tokens;

    public JsonObject List(ApiPath path, RecordedRequest request)
    {
        var page = request.Query.TryGetValue("continue", out var token) ? Resume(token) : First(path, request);
        var limit = request.Query.TryGetValue("limit", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        var count = limit == 0 ? page.Rest.Count : Math.Min(limit, page.Rest.Count);
        var metadata = new JsonObject { ["resourceVersion"] = page.Version.ToString(CultureInfo.InvariantCulture) };
        if (count < page.Rest.Count)
        {
            metadata["continue"] = Keep(page with { Rest = [.. page.Rest.Skip(count)] });
            metadata["remainingItemCount"] = page.Rest.Count - count;
        }

        var kind = page.Rest.Count > 0 ? (string?)page.Rest[0]["kind"] : null;
        return new JsonObject
        {
            ["kind"] = $"{kind}List",
            ["apiVersion"] = path.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page.Rest.Take(count).Select(item => Item(path, item))]),
        };
    }

    private Page First(ApiPath path, RecordedRequest request)
    {
        var selector = new FakeSelector(request.Query.GetValueOrDefault("labelSelector"), request.Query.GetValueOrDefault("fieldSelector"));
        var (objects, version) = store.List(path.Collection, path.Namespace, request.Query.GetValueOrDefault("resourceVersion"));
        return new Page(version, [.. objects.Where(selector.Matches)]);
    }

    private Page Resume(string token)
    {
        lock (_gate)
        {
            return _pages.TryGetValue(token, out var page) && page.Version >= store.Compacted
                ? page
                : throw new FakeRefusal(410, "Expired", "The provided continue parameter is too old to display a consistent list result.");
        }
    }

    private string Keep(Page page)
    {
        lock (_gate)
        {
            foreach (var old in _pages.Where(kept => kept.Value.Version < store.Compacted).ToList())
            {
                _pages.Remove(old.Key);
            }

            var token = $"page-{++_tokens}";
            _pages[token] = page;
            return token;
        }
    }

    /// <summary>Lists of built-in kinds do not repeat the kind on each item; those of custom resources do.</summary>
    private static JsonNode Item(ApiPath path, JsonObject item)
    {
        var copy = (JsonObject)item.DeepClone();
        if (!path.Collection.Group.Contains('.', StringComparison.Ordinal))
        {
            copy.Remove("kind");
            copy.Remove("apiVersion");
        }

        return copy;
    }

    private sealed record Page(long Version, IReadOnlyList<JsonObject> Rest);
}
