using System.Net;
using System.Net.Http.Headers;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Requests;

namespace Slipway.Kubernetes.Transport;

/// <summary>
/// Sends requests: with credentials, a limit of time and the retry policy, each kind of request over connections of its own.
/// </summary>
internal sealed class ApiTransport : IDisposable
{
    private readonly KubeConfig _config;
    private readonly KubeClientOptions _options;
    private readonly CredentialSource _credentials;
    private readonly ApiRetry _retry;
    private readonly ConnectionLanes _lanes;
    private readonly string? _host;

    public ApiTransport(KubeConfig config, KubeClientOptions options)
    {
        _config = config;
        _options = options;
        _credentials = CredentialSource.For(config, options.Time);
        _retry = new ApiRetry(options.Time, options.Random);
        _lanes = new ConnectionLanes(config);
        _host = HttpHandlers.HostHeader(config);
    }

    private ApiTransport(ApiTransport other, TimeSpan timeout)
    {
        _config = other._config;
        _options = other._options with { Timeout = timeout };
        _credentials = other._credentials;
        _retry = other._retry;
        _lanes = other._lanes;
        _host = other._host;
    }

    /// <summary>Another limit of time for the same connections and credentials, which stay this one's to dispose of.</summary>
    public ApiTransport WithTimeout(TimeSpan timeout) => new(this, timeout);

    /// <summary>Sends a request until it has an answer worth having, and returns that if it is a success.</summary>
    /// <exception cref="ApiException">The server refused, or did not answer.</exception>
    public async Task<ApiAnswer> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var answer = request.IsRetried
            ? await _retry.ExecuteAsync(request, _config.Server, token => AttemptAsync(request, token), cancellationToken)
            : await AttemptAsync(request, cancellationToken);
        return answer.IsSuccess ? answer : throw ApiFaults.FromAnswer(request, answer.Code, answer.Body, answer.RetryAfter);
    }

    /// <summary>
    /// Starts a stream and returns as soon as its headers are there. Tried once: who follows a stream has a policy
    /// for its end anyway.
    /// </summary>
    /// <exception cref="ApiException">The server refused, or did not answer.</exception>
    public async Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var opening = await AuthorizedAsync(
            credential => OpenOnceAsync(request, credential, cancellationToken), opening => opening.Code, cancellationToken);
        return opening.Stream ?? throw ApiFaults.FromAnswer(request, opening.Code, opening.Refusal!.Body, opening.Refusal.RetryAfter);
    }

    public void Dispose() => _lanes.Dispose();

    private async ValueTask<ApiAnswer> AttemptAsync(ApiRequest request, CancellationToken cancellationToken) =>
        await AuthorizedAsync(
            credential => ExchangeAsync(request, credential, cancellationToken), answer => answer.Code, cancellationToken);

    /// <summary>
    /// A refused credential is renewed, and the request sent once more: a 401 was certainly not carried out. The limit of
    /// time is the exchange's alone, for a plugin may have to ask a person.
    /// </summary>
    private async Task<T> AuthorizedAsync<T>(Func<Credential, Task<T>> exchange, Func<T, int> code, CancellationToken cancellationToken)
    {
        var credential = await _credentials.GetAsync(cancellationToken);
        var answer = await exchange(credential);
        return code(answer) == (int)HttpStatusCode.Unauthorized && (_credentials.Reject(credential) | _lanes.RenewIfCertificateChanged())
            ? await exchange(await _credentials.GetAsync(cancellationToken))
            : answer;
    }

    private async Task<ApiAnswer> ExchangeAsync(ApiRequest request, Credential credential, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        var connections = _lanes.For(request.Lane, credential);
        try
        {
            using var response = await SendOnceAsync(connections, request, credential, limit.Token);
            return await ReadAsync(response, limit.Token);
        }
        catch (Exception error) when (Translate(request, error, cancellationToken) is { } fault)
        {
            if (fault.Reason == ApiException.NoAnswer)
            {
                _lanes.GiveUp(request.Lane, connections);
            }

            throw fault;
        }
    }

    private async Task<Opening> OpenOnceAsync(ApiRequest request, Credential credential, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        try
        {
            var response = await SendOnceAsync(_lanes.For(request.Lane, credential), request, credential, limit.Token);
            if (response.IsSuccessStatusCode)
            {
                return new Opening((int)response.StatusCode, response, null);
            }

            using (response)
            {
                return new Opening((int)response.StatusCode, null, await ReadAsync(response, limit.Token));
            }
        }
        catch (Exception error) when (Translate(request, error, cancellationToken) is { } fault)
        {
            throw fault;
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpMessageInvoker connections, ApiRequest request, Credential credential, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage(_config.Server);
        Decorate(message, credential);
        var start = _options.Time.GetTimestamp();
        var code = 0;
        try
        {
            var response = await connections.SendAsync(message, cancellationToken);
            code = (int)response.StatusCode;
            return response;
        }
        finally
        {
            RequestMetrics.Record(request, _config.Server, code, _options.Time.GetElapsedTime(start));
        }
    }

    private void Decorate(HttpRequestMessage message, Credential credential)
    {
        message.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        message.Headers.Host = _host;
        if (credential.Token is { } token)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (_config.Impersonate is { } impersonation)
        {
            message.Headers.TryAddWithoutValidation("Impersonate-User", impersonation.User);
            message.Headers.TryAddWithoutValidation("Impersonate-Group", impersonation.Groups);
        }
    }

    private async Task<ApiAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsByteArrayAsync(cancellationToken),
        RetryAfterHeader.Read(response, _options.Time));

    private TimeLimit Limit(CancellationToken cancellationToken) => new(_options.Timeout, _options.Time, cancellationToken);

    /// <summary>What failed on the way, or null for what the caller asked for (its own cancellation) or should see as it is.</summary>
    private ApiException? Translate(ApiRequest request, Exception error, CancellationToken cancellationToken) => error switch
    {
        OperationCanceledException when !cancellationToken.IsCancellationRequested => ApiFaults.TimedOut(request, _options.Timeout, error),
        HttpRequestException or IOException => ApiFaults.Unreachable(request, _config.Server, error),
        _ => null,
    };

    /// <summary>A stream that began, or the answer of a server that refused it.</summary>
    private sealed record Opening(int Code, HttpResponseMessage? Stream, ApiAnswer? Refusal);
}
