using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Slipway.Testing.FakeApi;

/// <summary>Answers watches: what happened since a version, then what happens.</summary>
internal sealed class WatchHandler(FakeStore store, FaultPlan faults, TimeProvider time)
{
    private readonly WatchBookmarks _bookmarks = new();

    /// <summary>Every open watch that allows it says up to where it is.</summary>
    public void SendBookmarks() => _bookmarks.Send();

    public async Task WatchAsync(ApiPath path, RecordedRequest request, HttpContext http)
    {
        var watch = new WatchedSelection(path, request);
        watch.Check(faults.WatchList);
        var start = StartVersion(watch);
        http.Response.ContentType = "application/json";
        await http.Response.StartAsync();
        await http.Response.Body.FlushAsync();
        using var session = new WatchSession(store, faults, _bookmarks, time, watch, http);
        try
        {
            await session.RunAsync(start);
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
    }

    /// <summary>Null for "from the current state".</summary>
    private long? StartVersion(WatchedSelection watch)
    {
        if (watch.StartsWithState)
        {
            return null;
        }

        var version = long.Parse(watch.Version, CultureInfo.InvariantCulture);
        if (faults.GoneAsStatus)
        {
            store.Since(version);
        }

        return version;
    }
}
