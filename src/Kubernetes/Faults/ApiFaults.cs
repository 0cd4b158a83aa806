using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Slipway.Kubernetes.Requests;
using Slipway.Kubernetes.Resources;

namespace Slipway.Kubernetes.Faults;

/// <summary>Turns everything that can go wrong with a request into an <see cref="ApiException"/>, in one place.</summary>
internal static class ApiFaults
{
    private const int LongestQuote = 300;

    /// <summary>The server answered with a status code that is no success.</summary>
    public static ApiException FromAnswer(ApiRequest request, int code, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        var status = TryReadStatus(body) ?? new ApiStatus { Message = Quote(body) };
        return FromStatus(request, code, status, retryAfter);
    }

    /// <summary>The server stated what is wrong, as an answer or within a watch.</summary>
    public static ApiException FromStatus(ApiRequest request, int code, ApiStatus status, TimeSpan? retryAfter)
    {
        var reason = string.IsNullOrEmpty(status.Reason) ? DefaultReason(code) : status.Reason;
        var said = string.IsNullOrWhiteSpace(status.Message) ? "the server gave no explanation" : status.Message;
        return new ApiException($"Could not {request.Description}: {code} {reason}: {said}", code, reason)
        {
            Status = status,
            ResourceVersion = request.ResourceVersion,
            RetryAfter = retryAfter ?? RetryAfter(status),
        };
    }

    /// <summary>No connection, or it broke before the answer was complete.</summary>
    public static ApiException Unreachable(ApiRequest request, Uri server, Exception error) =>
        new(
            $"Could not {request.Description}: the connection to {server.GetLeftPart(UriPartial.Authority)} failed: {Innermost(error)}",
            0, ApiException.Unreachable, error)
        { ResourceVersion = request.ResourceVersion };

    public static ApiException TimedOut(ApiRequest request, TimeSpan after, Exception error) =>
        new(
            $"Could not {request.Description}: no complete answer within {Seconds(after)}",
            0, ApiException.NoAnswer, error)
        { ResourceVersion = request.ResourceVersion };

    /// <summary>A watch without a sign of life for longer than it may be silent.</summary>
    public static ApiException Silent(ApiRequest request, TimeSpan after, Exception error) =>
        new(
            $"Could not {request.Description}: the stream was silent for {Seconds(after)} and is taken for dead",
            0, ApiException.NoAnswer, error)
        { ResourceVersion = request.ResourceVersion };

    /// <summary>A watch that broke off before its end.</summary>
    public static ApiException Broken(ApiRequest request, Exception error) =>
        new($"Could not {request.Description} on: the stream broke: {Innermost(error)}", 0, ApiException.Unreachable, error)
        {
            ResourceVersion = request.ResourceVersion,
        };

    /// <summary>The answer is not what the API promises.</summary>
    public static ApiException Malformed(ApiRequest request, Exception error) =>
        new($"Could not {request.Description}: the server's answer cannot be understood: {error.Message}", 0, "MalformedAnswer", error)
        {
            ResourceVersion = request.ResourceVersion,
        };

    private static ApiStatus? TryReadStatus(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, KubernetesJson.Default.ApiStatus) is { Status: not null } status ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What a proxy or a broken server said, shortened for a message.</summary>
    private static string Quote(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestQuote)]).Trim();
        return body.Length > LongestQuote ? text + " …" : text;
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s";

    private static string DefaultReason(int code) =>
        Enum.IsDefined((HttpStatusCode)code) ? ((HttpStatusCode)code).ToString() : "Unknown";

    private static TimeSpan? RetryAfter(ApiStatus status) =>
        status.Details?.RetryAfterSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error.Message;
    }
}
