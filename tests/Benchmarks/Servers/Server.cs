using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Config;

namespace Slipway.Benchmarks.Servers;

/// <summary>An API server to measure against: through our client, or with nothing of ours between.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Namespace">Where objects may be made.</param>
/// <param name="Config">How our client reaches it.</param>
/// <param name="SendAsync">Sends a request as it is, with the server's credentials, and returns when the headers are there.</param>
internal sealed record Server(
    string Name, string Namespace, KubeConfig Config, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> SendAsync)
{
    public KubeClient NewClient() => new(Config, new KubeClientOptions());

    /// <summary>Where objects of a kind are in the namespace, relative to the server.</summary>
    public string PathOf(ResourceType type) => $"/apis/{type.ApiVersion}/namespaces/{Namespace}/{type.Plural}";

    /// <summary>Opens what is at the path, relative to the server.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Config.Server, path));
        var response = await SendAsync(request, cancellationToken);
        return response.EnsureSuccessStatusCode();
    }
}
