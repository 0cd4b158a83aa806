using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Slipway.Testing.FakeApi;

/// <summary>One open watch, and what is done to it.</summary>
internal sealed class WatchSession : IDisposable
{
    private readonly FakeStore _store;
    private readonly FaultPlan _faults;
    private readonly WatchBookmarks _bookmarks;
    private readonly TimeProvider _time;
    private readonly WatchedSelection _watch;
    private readonly HttpContext _http;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenSource _cut;
    private readonly CancellationToken _silenced;
    private readonly CancellationToken _torn;
    private readonly CancellationTokenSource _reset;
    private readonly Task _ended;
    private readonly Task _broken;
    private int _bookmarked;

    public WatchSession(
        FakeStore store, FaultPlan faults, WatchBookmarks bookmarks, TimeProvider time, WatchedSelection watch, HttpContext http)
    {
        (_store, _faults, _bookmarks, _time, _watch, _http) = (store, faults, bookmarks, time, watch, http);
        _timeout = new CancellationTokenSource(watch.Timeout, time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, faults.Ended.Next);
        _cut = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, faults.Cut.Next);
        (_silenced, _torn) = (faults.Silenced.Next, faults.Torn.Next);
        _reset = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, faults.Reset.Next);
        (_ended, _broken) = (Until(_end.Token), Until(_cut.Token));
        _bookmarked = bookmarks.Count;
    }

    /// <param name="start">After which version; null for "with the state first".</param>
    /// <exception cref="OperationCanceledException">The connection is to be broken, or is broken.</exception>
    public async Task RunAsync(long? start)
    {
        try
        {
            if ((start ?? await SendStateAsync()) is { } version)
            {
                await FollowAsync(version);
            }
        }
        catch (FakeRefusal refusal)
        {
            await SendAsync("ERROR", refusal.ToStatus());
        }
    }

    public void Dispose()
    {
        _reset.Dispose();
        _cut.Dispose();
        _end.Dispose();
        _timeout.Dispose();
    }

    /// <summary>The state as synthetic events. Returns its version; null when the watch ended before the server had it.</summary>
    private async Task<long?> SendStateAsync()
    {
        var wanted = _watch.Version.Length > 0 ? long.Parse(_watch.Version, CultureInfo.InvariantCulture) : _store.Version;
        while (_watch.WantsInitialEvents && _store.Awaited(wanted) is { } change)
        {
            if (_end.IsCancellationRequested)
            {
                return null;
            }

            await WaitAsync(change);
        }

        var (objects, version) = _store.List(_watch.Collection, _watch.Namespace, _watch.Version);
        // Last in the alphabet first: no client may rely on an order, least of all of versions.
        foreach (var item in objects.Where(_watch.Matches).Reverse())
        {
            await SendAsync("ADDED", item);
        }

        if (_watch is { WantsInitialEvents: true, AllowsBookmarks: true } && _faults.WatchList != WatchListSupport.Ignored)
        {
            var mark = Bookmark(version);
            mark["metadata"]!["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
            await SendAsync("BOOKMARK", mark);
        }

        return version;
    }

    private async Task FollowAsync(long position)
    {
        while (true)
        {
            // What is asked for is read before the events are, so that a bookmark never lags behind what was asked after.
            var (bookmark, wanted, isLast) = (_bookmarks.Next, _bookmarks.Count, _end.IsCancellationRequested);
            var (events, version, changed) = _store.Since(position);
            foreach (var entry in events)
            {
                await SendAsync(entry);
            }

            // A server that has not got there yet says nothing.
            if (version >= position && _watch.AllowsBookmarks && (wanted != _bookmarked || isLast))
            {
                await SendAsync("BOOKMARK", Bookmark(version));
            }

            (position, _bookmarked) = (Math.Max(position, version), wanted);
            await HoldIfSilencedAsync();
            if (isLast)
            {
                return;
            }

            await WaitAsync(changed, bookmark);
        }
    }

    private async Task WaitAsync(params Task[] news)
    {
        await Task.WhenAny([.. news, _ended, _broken]);
        await HoldIfSilencedAsync();
        _cut.Token.ThrowIfCancellationRequested();
    }

    private Task HoldIfSilencedAsync() =>
        _silenced.IsCancellationRequested ? Task.Delay(Timeout.Infinite, _reset.Token) : Task.CompletedTask;

    private async Task SendAsync(StoredEvent entry)
    {
        if (_watch.TypeOf(entry) is { } type)
        {
            await SendAsync(type, entry.After);
        }
    }

    private async Task SendAsync(string type, JsonObject resource)
    {
        if (_faults.EventDelay is { } delay)
        {
            await Task.Delay(delay(), _time, _cut.Token);
        }

        await HoldIfSilencedAsync();
        var line = Encoding.UTF8.GetBytes(new JsonObject { ["type"] = type, ["object"] = resource.DeepClone() }.ToJsonString() + "\n");
        var half = _torn.IsCancellationRequested;
        await _http.Response.Body.WriteAsync(line.AsMemory(0, half ? line.Length / 2 : line.Length));
        await _http.Response.Body.FlushAsync();
        if (half)
        {
            _torn.ThrowIfCancellationRequested();
        }
    }

    private JsonObject Bookmark(long version) => new()
    {
        ["kind"] = "Bookmark",
        ["apiVersion"] = _watch.ApiVersion,
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
    };

    private static Task Until(CancellationToken token)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(ended.SetResult);
        return ended.Task;
    }
}
