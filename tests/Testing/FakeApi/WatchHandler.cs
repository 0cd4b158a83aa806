using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Slipway.Testing.FakeApi;

/// <summary>Answers watches: what happened since a version, then what happens.</summary>
internal sealed class WatchHandler(FakeStore store, FaultPlan faults, TimeProvider time)
{
    private TaskCompletionSource _bookmark = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _bookmarks;

    /// <summary>Every open watch that allows it says up to where it is.</summary>
    public void SendBookmarks()
    {
        Interlocked.Increment(ref _bookmarks);
        Interlocked.Exchange(ref _bookmark, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    public async Task WatchAsync(ApiPath path, RecordedRequest request, HttpContext http)
    {
        var watch = new Watch(path, request);
        var start = StartVersion(watch);
        http.Response.ContentType = "application/json";
        await http.Response.StartAsync();
        try
        {
            await RunAsync(watch, start, http);
        }
        catch (FakeRefusal refusal)
        {
            await SendAsync(http, "ERROR", refusal.ToStatus());
        }
    }

    /// <summary>Null for "from the current state".</summary>
    private long? StartVersion(Watch watch)
    {
        if (watch.Version is null or "" or "0" || watch.SendsInitialEvents)
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

    private async Task RunAsync(Watch watch, long? start, HttpContext http)
    {
        using var timeout = new CancellationTokenSource(watch.Timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, faults.Ended);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, faults.Cut);
        var bookmarks = Volatile.Read(ref _bookmarks);
        var position = start ?? await SendStateAsync(watch, http);
        while (true)
        {
            // What is asked for is read before the events are, so that a bookmark never lags behind what was asked after.
            var bookmark = Volatile.Read(ref _bookmark).Task;
            var (wanted, isLast) = (Volatile.Read(ref _bookmarks), end.IsCancellationRequested);
            var (events, version, changed) = store.Since(position);
            foreach (var entry in events)
            {
                await SendAsync(watch, entry, http);
            }

            await BookmarkAsync(watch, version, wanted != bookmarks || isLast, http);
            (position, bookmarks) = (version, wanted);
            if (isLast)
            {
                return;
            }

            await Task.WhenAny(changed, bookmark, Until(end.Token), Until(cut.Token));
            await HoldIfSilentAsync(cut.Token);
            if (cut.IsCancellationRequested)
            {
                http.Abort();
                return;
            }
        }
    }

    private Task HoldIfSilentAsync(CancellationToken cut) => faults.Silent ? Until(cut) : Task.CompletedTask;

    private async Task<long> SendStateAsync(Watch watch, HttpContext http)
    {
        var (objects, version) = store.List(watch.Path.Collection, watch.Path.Namespace);
        foreach (var item in objects.Where(watch.Selector.Matches))
        {
            await SendAsync(http, "ADDED", item);
        }

        if (watch.SendsInitialEvents)
        {
            var mark = Bookmark(watch, version);
            mark["metadata"]!["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
            await SendAsync(http, "BOOKMARK", mark);
        }

        return version;
    }

    private static async Task SendAsync(Watch watch, StoredEvent entry, HttpContext http)
    {
        if (watch.TypeOf(entry) is { } type)
        {
            await SendAsync(http, type, entry.After);
        }
    }

    private static async Task BookmarkAsync(Watch watch, long version, bool due, HttpContext http)
    {
        if (due && watch.AllowsBookmarks)
        {
            await SendAsync(http, "BOOKMARK", Bookmark(watch, version));
        }
    }

    private static JsonObject Bookmark(Watch watch, long version) => new()
    {
        ["kind"] = "Bookmark",
        ["apiVersion"] = watch.Path.ApiVersion,
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
    };

    private static async Task SendAsync(HttpContext http, string type, JsonObject resource)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = resource.DeepClone() }.ToJsonString() + "\n";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line));
        await http.Response.Body.FlushAsync();
    }

    private static Task Until(CancellationToken token)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(ended.SetResult);
        return ended.Task;
    }

    private sealed class Watch(ApiPath path, RecordedRequest request)
    {
        public ApiPath Path => path;

        public string? Version { get; } = request.Query.GetValueOrDefault("resourceVersion");

        public bool AllowsBookmarks { get; } = request.Query.GetValueOrDefault("allowWatchBookmarks") == "true";

        public bool SendsInitialEvents { get; } = request.Query.GetValueOrDefault("sendInitialEvents") == "true";

        public TimeSpan Timeout { get; } = TimeSpan.FromSeconds(
            int.Parse(request.Query.GetValueOrDefault("timeoutSeconds", "3600"), CultureInfo.InvariantCulture));

        public FakeSelector Selector { get; } =
            new(request.Query.GetValueOrDefault("labelSelector"), request.Query.GetValueOrDefault("fieldSelector"));

        /// <summary>What an event is to this watch: an object may come into its selection and leave it.</summary>
        public string? TypeOf(StoredEvent entry)
        {
            if (entry.Key.Collection != path.Collection || (path.Namespace is not null && entry.Key.Namespace != path.Namespace))
            {
                return null;
            }

            var before = entry.Before is not null && Selector.Matches(entry.Before);
            var after = !entry.Deleted && Selector.Matches(entry.After);
            return (before, after) switch
            {
                (false, true) => "ADDED",
                (true, true) => "MODIFIED",
                (true, false) => "DELETED",
                (false, false) => null,
            };
        }
    }
}
