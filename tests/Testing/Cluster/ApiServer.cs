using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Testing.Cluster;

/// <summary>
/// An API server as plain JSON over HTTP. Tests look at the wire through it, not through the client and the types that
/// they test.
/// </summary>
public sealed class ApiServer : IDisposable
{
    private const string ApplyContentType = "application/apply-patch+yaml";
    private readonly List<HttpClient> _former = [];
    private HttpClient _http;

    private ApiServer(HttpClient http) => _http = http;

    public Uri Address => _http.BaseAddress!;

    /// <summary>Reads a kubeconfig with embedded or separate certificates, or a token, in the JSON that kubectl makes of it.</summary>
    public static ApiServer FromKubeConfig(JsonNode config) => new(Connect(config));

    /// <summary>Goes on with another kubeconfig: what others hold of this stays good after a rotation of certificates.</summary>
    public void Reconnect(JsonNode config)
    {
        _former.Add(_http);
        _http = Connect(config);
    }

    /// <summary>The object or list at the path; null when there is none.</summary>
    public async Task<JsonNode?> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        try
        {
            return await SendAsync(request);
        }
        catch (ApiServerException exception) when (exception.Code == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<JsonNode>> ListAsync(string path) =>
        [.. (await GetAsync(path))?["items"]?.AsArray().Select(item => item!) ?? []];

    /// <summary>Deletes an object although nobody is there who would remove our finalizers.</summary>
    public async Task ForceDeleteAsync(string path)
    {
        try
        {
            await MergeAsync(path, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
            await DeleteAsync(path);
        }
        catch (ApiServerException exception) when (exception.Code == HttpStatusCode.NotFound)
        {
            // Gone meanwhile.
        }
    }

    public Task<JsonNode> CreateAsync(string path, JsonNode body) => SendAsync(HttpMethod.Post, path, body, "application/json");

    public Task<JsonNode> ReplaceAsync(string path, JsonNode body) => SendAsync(HttpMethod.Put, path, body, "application/json");

    /// <summary>Server-side apply as a person would do it, with a field manager of its own.</summary>
    public Task<JsonNode> ApplyAsync(string path, JsonNode body) => ApplyAsync(path, body, "test");

    /// <summary>Server-side apply in somebody's name: what is applied is theirs.</summary>
    public Task<JsonNode> ApplyAsync(string path, JsonNode body, string fieldManager) =>
        SendAsync(HttpMethod.Patch, $"{path}?fieldManager={fieldManager}&force=true", body, ApplyContentType);

    public Task<JsonNode> MergeAsync(string path, JsonNode patch) =>
        SendAsync(HttpMethod.Patch, path, patch, "application/merge-patch+json");

    /// <summary>Deletes; nothing happens when it is not there.</summary>
    public async Task DeleteAsync(string path, JsonNode? options = null)
    {
        try
        {
            await SendAsync(HttpMethod.Delete, path, options ?? new JsonObject(), "application/json");
        }
        catch (ApiServerException exception) when (exception.Code == HttpStatusCode.NotFound)
        {
            // Gone is what was asked for.
        }
    }

    /// <summary>Every watch event after the given version, without end: a stream that the server closes is opened again.</summary>
    public async IAsyncEnumerable<JsonNode> WatchAsync(
        string path, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await _http.GetAsync(
                $"{path}?watch=true&allowWatchBookmarks=true&resourceVersion={resourceVersion}",
                HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            response.EnsureSuccessStatusCode();
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                var change = JsonNode.Parse(line)!;
                if ((string?)change["type"] == "ERROR")
                {
                    throw new ApiServerException((HttpStatusCode)(int)change["object"]!["code"]!, $"The watch on {path} broke: {line}");
                }

                resourceVersion = (string)change["object"]!["metadata"]!["resourceVersion"]!;
                if ((string?)change["type"] != "BOOKMARK")
                {
                    yield return change;
                }
            }
        }
    }

    /// <summary>Passes a request on as it is, but with this server's credentials; for a proxy.</summary>
    public Task<HttpResponseMessage> ForwardAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public void Dispose()
    {
        _former.ForEach(http => http.Dispose());
        _http.Dispose();
    }

    private static HttpClient Connect(JsonNode config)
    {
        var cluster = config["clusters"]![0]!["cluster"]!;
        var user = config["users"]![0]!["user"]!;
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (Pem(cluster, "certificate-authority") is { } authority)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(authority);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors, roots);
        }

        if (Pem(user, "client-certificate") is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(certificate, Pem(user, "client-key"))];
        }

        var http = new HttpClient(handler) { BaseAddress = new Uri((string)cluster["server"]!), Timeout = Timeout.InfiniteTimeSpan };
        if ((string?)user["token"] is { } token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return http;
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode body, string contentType)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return await SendAsync(request);
    }

    private async Task<JsonNode> SendAsync(HttpRequestMessage request)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var response = await _http.SendAsync(request, timeout.Token);
        var text = await response.Content.ReadAsStringAsync(timeout.Token);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new ApiServerException(response.StatusCode, $"{request.Method} {request.RequestUri}: {text}");
    }

    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2Collection roots)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
            && certificate is X509Certificate2 leaf && chain.Build(leaf);
    }

    private static string? Pem(JsonNode node, string name) =>
        (string?)node[$"{name}-data"] is { } data ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
        : (string?)node[name] is { } file ? File.ReadAllText(file)
        : null;
}

/// <summary>What the API server answered instead of success.</summary>
public sealed class ApiServerException(HttpStatusCode code, string message) : Exception(message)
{
    public HttpStatusCode Code { get; } = code;
}
