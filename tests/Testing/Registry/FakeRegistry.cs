using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Slipway.Testing.Registry;

/// <summary>
/// A registry as the OCI distribution specification describes it, for reading: manifests by tag and by digest, blobs,
/// basic or token login. It can be told to fail, or to keep its client waiting.
/// </summary>
public sealed class FakeRegistry : IAsyncDisposable
{
    private const string Root = "/v2/";
    private readonly RegistryStore _store = new();
    private readonly ConcurrentQueue<RegistryRequest> _requests = new();
    private readonly ConcurrentDictionary<string, RegistryFault> _faults = new();
    private readonly ConcurrentDictionary<string, RegistryLogin> _logins = new();
    private LoopbackServer? _server;
    private int _seed;

    private FakeRegistry()
    {
    }

    /// <summary>Host and port, as image references begin.</summary>
    public string Host => _server!.Address.Authority;

    public IReadOnlyList<RegistryRequest> Requests => [.. _requests];

    public static async Task<FakeRegistry> StartAsync()
    {
        var registry = new FakeRegistry();
        registry._server = await LoopbackServer.StartAsync(registry.HandleAsync);
        return registry;
    }

    /// <summary>Pushes a new image; the same name and tag again moves the tag to another digest.</summary>
    public FakeImage Push(string repository, string tag = "1", FakeImageForm form = FakeImageForm.OciManifest) =>
        _store.Add(Host, repository, tag, form, $"{Interlocked.Increment(ref _seed)}");

    /// <summary>From now on the repository answers only those who log in.</summary>
    public void Protect(string repository, string user, string password, bool withTokens) =>
        _logins[repository] = new RegistryLogin(user, password, withTokens);

    /// <summary>From now on every request for the repository ends like this.</summary>
    public void Fail(string repository, RegistryFault fault) => _faults[repository] = fault;

    /// <summary>The repository works again.</summary>
    public void Heal(string repository)
    {
        if (_faults.TryRemove(repository, out var fault))
        {
            fault.Until?.Open();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var repository in _faults.Keys)
        {
            Heal(repository);
        }

        await _server!.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        _requests.Enqueue(new RegistryRequest(context.Request.Method, path, context.Request.Headers.Accept.ToString()));
        if (path == RegistryLogin.TokenPath)
        {
            var repository = context.Request.Query["scope"].ToString().Split(':') is [_, var name, ..] ? name : "";
            await (_logins.TryGetValue(repository, out var login) ? login.AnswerAsync(context) : context.Response.WriteAsync("""{"token":""}"""));
        }
        else if (path == Root)
        {
            await context.Response.WriteAsync("{}");
        }
        else if (Parse(path) is var (repository, kind, reference))
        {
            await AnswerAsync(context, repository, kind == "manifests" ? _store.Manifest(repository, reference) : _store.Blob(repository, reference));
        }
        else
        {
            await RefuseAsync(context, HttpStatusCode.NotFound, "UNSUPPORTED");
        }
    }

    private async Task AnswerAsync(HttpContext context, string repository, StoredContent? content)
    {
        if (_faults.TryGetValue(repository, out var fault))
        {
            if (fault.Until is { } until)
            {
                await until.Opened.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await RefuseAsync(context, fault.Code, "UNAVAILABLE");
        }
        else if (_logins.TryGetValue(repository, out var login) && !login.Admits(context.Request, repository))
        {
            context.Response.Headers.WWWAuthenticate = login.Challenge(context.Request, repository);
            await RefuseAsync(context, HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        }
        else if (content is null)
        {
            await RefuseAsync(context, HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        }
        else
        {
            await SendAsync(context, content);
        }
    }

    private static async Task SendAsync(HttpContext context, StoredContent content)
    {
        context.Response.ContentType = content.MediaType;
        context.Response.ContentLength = content.Bytes.Length;
        context.Response.Headers["Docker-Content-Digest"] = content.Digest;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(content.Bytes);
        }
    }

    private static async Task RefuseAsync(HttpContext context, HttpStatusCode code, string error)
    {
        context.Response.StatusCode = (int)code;
        context.Response.ContentType = "application/json";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsync($$"""{"errors":[{"code":"{{error}}","message":"{{error}}"}]}""");
        }
    }

    /// <summary><c>/v2/NAME/manifests/REFERENCE</c>, where NAME may have slashes.</summary>
    private static (string Repository, string Kind, string Reference)? Parse(string path)
    {
        var parts = path.StartsWith(Root, StringComparison.Ordinal) ? path[Root.Length..].Split('/') : [];
        return parts is [_, .., "manifests" or "blobs", _] ? (string.Join('/', parts[..^2]), parts[^2], parts[^1]) : null;
    }
}

/// <summary>How requests end; after waiting, if there is something to wait for.</summary>
public sealed record RegistryFault(HttpStatusCode Code, Gate? Until = null);

/// <summary>What a client asked for.</summary>
public sealed record RegistryRequest(string Method, string Path, string Accept);
