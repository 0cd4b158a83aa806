using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Slipway.Crds.Meta;
using Slipway.Testing.Cluster;

namespace Slipway.Testing.Proxies;

/// <summary>A request under way, and what a test can do with it.</summary>
public sealed class ProxiedExchange
{
    private static readonly HashSet<string> HopByHop =
        new(["Connection", "Keep-Alive", "Transfer-Encoding", "Host", "Content-Length", "Content-Type", "Upgrade"], StringComparer.OrdinalIgnoreCase);

    private readonly HttpContext _context;
    private readonly ApiServer _server;
    private readonly NamespacedName _account;
    private readonly byte[] _body;
    private readonly Func<Gate?> _held;

    internal ProxiedExchange(
        HttpContext context, ApiServer server, NamespacedName account, byte[] body, ProxiedRequest request, Func<Gate?> held)
    {
        (_context, _server, _account, _body, _held) = (context, server, account, body, held);
        Request = request;
    }

    public ProxiedRequest Request { get; }

    /// <summary>To the server and back: what happens to every other request.</summary>
    public Task ForwardAsync() => ForwardAsync(_ => Task.FromResult(true));

    /// <summary>To the server; the client hears the answer only if that is so decided, else its connection is reset.</summary>
    public async Task ForwardAsync(Func<HttpStatusCode, Task<bool>> mayPass)
    {
        using var response = await SendAsync();
        if (!await mayPass(response.StatusCode))
        {
            _context.Abort();
            return;
        }

        _context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => !HopByHop.Contains(header.Key)))
        {
            _context.Response.Headers[name] = values.ToArray();
        }

        _context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await _context.Response.StartAsync(_context.RequestAborted);
        // A watch of what does not change is answered, too.
        await _context.Response.Body.FlushAsync(_context.RequestAborted);
        await RelayAsync(await response.Content.ReadAsStreamAsync(_context.RequestAborted));
    }

    /// <summary>The server does what it was asked; the client never hears of it.</summary>
    public async Task<HttpStatusCode> ForwardAndDropAsync()
    {
        using var response = await SendAsync();
        _context.Abort();
        return response.StatusCode;
    }

    /// <summary>The server never hears of it; the client's connection is reset.</summary>
    public void Drop() => _context.Abort();

    private Task<HttpResponseMessage> SendAsync()
    {
        var request = new HttpRequestMessage(new HttpMethod(Request.Method), Request.Path + Request.Query);
        foreach (var (name, values) in _context.Request.Headers.Where(header => !HopByHop.Contains(header.Key)))
        {
            request.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        request.Headers.Add("Impersonate-User", $"system:serviceaccount:{_account.Namespace}:{_account.Name}");
        request.Headers.Add("Impersonate-Group", ["system:serviceaccounts", $"system:serviceaccounts:{_account.Namespace}", "system:authenticated"]);
        if (_body.Length > 0)
        {
            request.Content = new ByteArrayContent(_body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(_context.Request.ContentType ?? "application/json");
        }

        return _server.ForwardAsync(request, CancellationToken.None);
    }

    /// <summary>Every part at once, so that a watch event is not held back until a buffer is full.</summary>
    private async Task RelayAsync(Stream body)
    {
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, _context.RequestAborted) is var count and > 0)
        {
            await (_held()?.Opened ?? Task.CompletedTask).WaitAsync(_context.RequestAborted);
            await _context.Response.Body.WriteAsync(buffer.AsMemory(0, count), _context.RequestAborted);
            await _context.Response.Body.FlushAsync(_context.RequestAborted);
        }
    }
}
