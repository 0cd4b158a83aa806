using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.Runtime.Tests;

/// <summary>One request and the answer the test gives it.</summary>
internal sealed class Exchange
{
    private readonly HttpContext _context;
    private readonly Dictionary<string, string> _query;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Exchange(HttpContext context, string body)
    {
        _context = context;
        Body = body;
        // Copied: after the answer the server reuses the request for the next one.
        Method = context.Request.Method;
        Path = context.Request.Path.Value!;
        _query = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        // A client that hangs up frees the server's thread of this request.
        context.RequestAborted.Register(() => _ended.TrySetResult());
    }

    public string Body { get; }

    public string Method { get; }

    public string Path { get; }

    public bool IsWatch => Query("watch") is "true" or "1";

    public Task Ended => _ended.Task;

    public string? Query(string name) => _query.GetValueOrDefault(name);

    /// <summary>The whole answer at once.</summary>
    public async Task ReplyAsync(int code, string json, int? retryAfterSeconds = null)
    {
        _context.Response.StatusCode = code;
        _context.Response.ContentType = "application/json";
        if (retryAfterSeconds is { } seconds)
        {
            _context.Response.Headers.RetryAfter = $"{seconds}";
        }

        await _context.Response.WriteAsync(json);
        _ended.TrySetResult();
    }

    /// <summary>Headers now, events later.</summary>
    public async Task OpenAsync()
    {
        _context.Response.ContentType = "application/json";
        await _context.Response.StartAsync();
        await _context.Response.Body.FlushAsync();
    }

    /// <summary>One line of a watch.</summary>
    public async Task SendAsync(string line)
    {
        if (!_context.Response.HasStarted)
        {
            _context.Response.ContentType = "application/json";
        }

        await _context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await _context.Response.Body.FlushAsync();
    }

    /// <summary>Ends the stream as a server does whose time is over.</summary>
    public void End() => _ended.TrySetResult();

    /// <summary>Breaks the connection.</summary>
    public void Cut()
    {
        _context.Abort();
        _ended.TrySetResult();
    }

    public override string ToString() => $"{Method} {Path}?{string.Join('&', _query.Select(pair => $"{pair.Key}={pair.Value}"))}";
}
