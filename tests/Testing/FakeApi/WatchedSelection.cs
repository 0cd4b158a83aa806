using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>What a watch asks for.</summary>
internal sealed class WatchedSelection(ApiPath path, RecordedRequest request)
{
    private readonly FakeSelector _selector =
        new(request.Query.GetValueOrDefault("labelSelector"), request.Query.GetValueOrDefault("fieldSelector"));

    public CollectionKey Collection => path.Collection;

    public string? Namespace => path.Namespace;

    public string ApiVersion => path.ApiVersion;

    /// <summary>Empty: the state now. 0: whatever the server has. Otherwise what happened after that version.</summary>
    public string Version { get; } = request.Query.GetValueOrDefault("resourceVersion", "");

    public bool AllowsBookmarks { get; } = request.Query.GetValueOrDefault("allowWatchBookmarks") == "true";

    public TimeSpan Timeout { get; } = TimeSpan.FromSeconds(
        int.Parse(request.Query.GetValueOrDefault("timeoutSeconds", "3600"), CultureInfo.InvariantCulture));

    /// <summary>Whether it wants the state first and then a bookmark (WatchList).</summary>
    public bool WantsInitialEvents { get; } = request.Query.GetValueOrDefault("sendInitialEvents") == "true";

    /// <summary>The state comes first unless the watch starts from a version.</summary>
    public bool StartsWithState => WantsInitialEvents || Version is "" or "0";

    /// <summary>The rules of real servers.</summary>
    /// <exception cref="FakeRefusal">This one does not accept such a watch.</exception>
    public void Check(WatchListSupport support)
    {
        var match = request.Query.GetValueOrDefault("resourceVersionMatch", "");
        if (support == WatchListSupport.Unknown && match.Length > 0)
        {
            throw FakeRefusal.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch");
        }

        if (support == WatchListSupport.Forbidden && WantsInitialEvents)
        {
            throw FakeRefusal.Forbidden(
                "sendInitialEvents", "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled");
        }

        if (support == WatchListSupport.Supported && WantsInitialEvents && match != "NotOlderThan")
        {
            throw FakeRefusal.Forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
    }

    public bool Matches(JsonObject resource) => _selector.Matches(resource);

    /// <summary>What an event is to this watch: an object may come into its selection and leave it.</summary>
    public string? TypeOf(StoredEvent entry)
    {
        if (entry.Key.Collection != Collection || (Namespace is not null && entry.Key.Namespace != Namespace))
        {
            return null;
        }

        var before = entry.Before is not null && Matches(entry.Before);
        var after = !entry.Deleted && Matches(entry.After);
        return (before, after) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            (false, false) => null,
        };
    }
}
