using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Operator.Registry;

/// <summary>The requests for one image, with the login that the registry's challenge asks for.</summary>
internal sealed partial class RegistrySession(HttpClient http, ImageReference image, Uri baseAddress, RegistryLogin? login)
{
    private AuthenticationHeaderValue? _authorization;

    public async Task<HttpResponseMessage> GetAsync(string path, IReadOnlyList<string> accept, CancellationToken cancellationToken)
    {
        var response = await SendAsync(path, accept, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized && _authorization is null)
        {
            var challenge = response.Headers.WwwAuthenticate.FirstOrDefault();
            response.Dispose();
            _authorization = await AnswerAsync(challenge, cancellationToken);
            response = await SendAsync(path, accept, cancellationToken);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Refused(response.StatusCode);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string path, IReadOnlyList<string> accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(baseAddress, $"{image.Repository}/{path}"));
        foreach (var type in accept)
        {
            request.Headers.Accept.ParseAdd(type);
        }

        request.Headers.Authorization = _authorization;
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private async Task<AuthenticationHeaderValue> AnswerAsync(AuthenticationHeaderValue? challenge, CancellationToken cancellationToken)
    {
        if (string.Equals(challenge?.Scheme, "Basic", StringComparison.OrdinalIgnoreCase))
        {
            return login is null ? throw Refused(HttpStatusCode.Unauthorized) : new AuthenticationHeaderValue("Basic", login.Basic);
        }

        if (!string.Equals(challenge?.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase))
        {
            throw Refused(HttpStatusCode.Unauthorized);
        }

        return new AuthenticationHeaderValue("Bearer", await FetchTokenAsync(challenge!.Parameter ?? "", cancellationToken));
    }

    private async Task<string> FetchTokenAsync(string parameters, CancellationToken cancellationToken)
    {
        var fields = Field().Matches(parameters).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        if (!fields.TryGetValue("realm", out var realm) || !Uri.TryCreate(realm, UriKind.Absolute, out var uri))
        {
            throw new RegistryUnavailableException($"registry {image.Registry} asks for a token but names no realm");
        }

        var scope = fields.GetValueOrDefault("scope", $"repository:{image.Repository}:pull");
        var query = $"scope={Uri.EscapeDataString(scope)}" + (fields.TryGetValue("service", out var service) ? $"&service={Uri.EscapeDataString(service)}" : "");
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(uri) { Query = query }.Uri);
        if (login is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", login.Basic);
        }

        using var response = await http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw Refused(response.StatusCode);
        }

        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return body.RootElement.TryGetProperty("token", out var token) || body.RootElement.TryGetProperty("access_token", out token)
            ? token.GetString() ?? ""
            : throw new RegistryUnavailableException($"registry {image.Registry} gave no token");
    }

    private Exception Refused(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => new ImageNotFoundException(
            $"registry {image.Registry} has no {image.Repository}:{image.Wanted}; push the image, then make a new Deployment"),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new ImageNotFoundException(
            $"registry {image.Registry} refuses {image.Repository} ({(int)status}); check the image's name and the imagePullSecrets of the stack's template"),
        _ => new RegistryUnavailableException($"registry {image.Registry} answered {(int)status} for {image.Repository}:{image.Wanted}"),
    };

    [GeneratedRegex("""([a-z_]+)="([^"]*)"[,\s]*""", RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
