using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Config;
using Slipway.Testing.Cluster;

namespace Slipway.Testing.FakeApi;

/// <summary>
/// An API server on a loopback port that speaks real HTTP and real watches, for any kind without registration, and
/// fails on demand. It checks no schema and knows no controllers.
/// </summary>
public sealed class FakeApiServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly ConcurrentDictionary<string, string> _logs = new();
    private readonly TimeProvider _time;
    private readonly ListHandler _lists;
    private readonly WatchHandler _watches;
    private readonly WriteHandler _writes;
    private LoopbackServer? _server;
    private int _openWatches;

    private FakeApiServer(TimeProvider time)
    {
        _time = time;
        Store = new FakeStore(time);
        _lists = new ListHandler(Store);
        _watches = new WatchHandler(Store, Faults, time);
        _writes = new WriteHandler(Store);
    }

    /// <summary>What is in the cluster.</summary>
    public FakeStore Store { get; }

    /// <summary>What goes wrong.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>Every request that arrived, in order.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>Whether requests are recorded. A test that sends very many of them has no use for them all.</summary>
    public bool RecordsRequests { get; set; } = true;

    /// <summary>How many watches are open now.</summary>
    public int OpenWatches => Volatile.Read(ref _openWatches);

    /// <summary>What the server answers to <c>GET /version</c>.</summary>
    public JsonObject Version { get; set; } = new() { ["major"] = "1", ["minor"] = "35", ["gitVersion"] = "v1.35.0-fake" };

    public Uri Address => _server!.Address;

    /// <summary>How a client reaches it.</summary>
    public KubeConfig Config => new() { Server = Address, Origin = "fake" };

    /// <summary>Starts a server.</summary>
    /// <param name="time">The clock of timestamps and of the watches' own end; null for the system's.</param>
    public static async Task<FakeApiServer> StartAsync(TimeProvider? time = null)
    {
        var fake = new FakeApiServer(time ?? TimeProvider.System);
        fake._server = await LoopbackServer.StartAsync(fake.HandleAsync);
        return fake;
    }

    public KubeClient NewClient(KubeClientOptions? options = null) => new(Config, options ?? new KubeClientOptions());

    /// <summary>As plain JSON over HTTP.</summary>
    public ApiServer NewWire() => ApiServer.FromKubeConfig(new JsonObject
    {
        ["clusters"] = new JsonArray(new JsonObject { ["cluster"] = new JsonObject { ["server"] = Address.ToString() } }),
        ["users"] = new JsonArray(new JsonObject { ["user"] = new JsonObject() }),
    });

    /// <summary>Every open watch that allows bookmarks gets one.</summary>
    public void SendBookmarks() => _watches.SendBookmarks();

    /// <summary>What a container has written.</summary>
    public void SetLog(string @namespace, string pod, string container, string text) => _logs[$"{@namespace}/{pod}/{container}"] = text;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task HandleAsync(HttpContext http)
    {
        var request = await ReadAsync(http.Request);
        if (RecordsRequests)
        {
            _requests.Enqueue(request);
        }

        try
        {
            await HandleAsync(request, Faults.Take(request), http);
        }
        catch (FakeRefusal refusal)
        {
            await AnswerAsync(http, refusal);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
    }

    private async Task HandleAsync(RecordedRequest request, Fault? fault, HttpContext http)
    {
        switch (fault)
        {
            case Fault.DropRequest:
                http.Abort();
                return;
            case Fault.DropAnswer:
                if (request.Method != "GET")
                {
                    Carry(request);
                }

                http.Abort();
                return;
            case Fault.Refuse refuse:
                throw new FakeRefusal(refuse.Code, refuse.Reason, "refused on demand") { RetryAfter = refuse.RetryAfterSeconds };
            case Fault.Babble babble:
                http.Response.StatusCode = babble.Code;
                await http.Response.WriteAsync(babble.Body);
                return;
            case Fault.HoldUntil hold:
                await hold.Task.WaitAsync(http.RequestAborted);
                break;
            case Fault.Delay delay:
                await Task.Delay(delay.By, _time, http.RequestAborted);
                break;
        }

        await CarryAsync(request, http);
    }

    private async Task CarryAsync(RecordedRequest request, HttpContext http)
    {
        if (request.IsWatch && Parse(request) is { IsObject: false } path)
        {
            Interlocked.Increment(ref _openWatches);
            try
            {
                await _watches.WatchAsync(path, request, http);
            }
            finally
            {
                Interlocked.Decrement(ref _openWatches);
            }

            return;
        }

        if (request.Path.EndsWith("/log", StringComparison.Ordinal))
        {
            await http.Response.WriteAsync(Log(request));
            return;
        }

        var (code, answer) = Carry(request);
        await AnswerAsync(http, code, answer);
    }

    private (int Code, JsonObject Answer) Carry(RecordedRequest request)
    {
        if (request.Path == "/version")
        {
            return (200, Version);
        }

        var path = Parse(request);
        return request.Method != "GET" ? _writes.Write(path, request)
            : path.IsObject ? (200, Store.Find(path.Key, request.Query.GetValueOrDefault("resourceVersion")) ?? throw FakeRefusal.NotFound(path.Key))
            : (200, _lists.List(path, request));
    }

    private string Log(RecordedRequest request)
    {
        var key = Parse(request).Key;
        var text = _logs.GetValueOrDefault($"{key}/{request.Query.GetValueOrDefault("container")}") ?? throw FakeRefusal.NotFound(key);
        return request.Query.TryGetValue("tailLines", out var lines)
            ? string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(int.Parse(lines)).Select(line => line + "\n"))
            : text;
    }

    private static ApiPath Parse(RecordedRequest request) =>
        ApiPath.Parse(request.Path) ?? throw new FakeRefusal(404, "NotFound", "the server could not find the requested resource");

    private static async Task<RecordedRequest> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        return new RecordedRequest(
            request.Method,
            request.Path.Value ?? "",
            request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
            request.ContentType?.Split(';')[0] ?? "",
            await reader.ReadToEndAsync(),
            request.Headers.Authorization.ToString());
    }

    private static Task AnswerAsync(HttpContext http, FakeRefusal refusal)
    {
        if (refusal.RetryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return AnswerAsync(http, refusal.Code, refusal.ToStatus());
    }

    private static async Task AnswerAsync(HttpContext http, int code, JsonObject answer)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.ToJsonString());
    }
}
