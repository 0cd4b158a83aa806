using System.Net;

namespace Slipway.Kubernetes.Faults;

/// <summary>
/// A request that did not succeed: the server refused it (<see cref="Code"/> is its status) or gave no usable
/// answer at all (<see cref="Code"/> is 0). Callers decide by the questions below, never by the text.
/// </summary>
public class ApiException : Exception
{
    /// <summary>The reason when no connection could be made or it broke.</summary>
    public const string Unreachable = nameof(Unreachable);

    /// <summary>The reason when the server did not answer in time, or a watch went silent.</summary>
    public const string NoAnswer = nameof(NoAnswer);

    public ApiException(string message, int code, string reason, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Reason = reason;
    }

    /// <summary>The HTTP status code, also of an error inside a watch stream; 0 when there was no answer.</summary>
    public int Code { get; }

    /// <summary>The server's reason, for example <c>NotFound</c>; never empty.</summary>
    public string Reason { get; }

    /// <summary>The server's full statement, when it made one.</summary>
    public ApiStatus? Status { get; init; }

    /// <summary>How long the server asks to wait before the next try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The version the refused request insisted on, when it did.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>The object changed since it was read. Read it again and decide anew.</summary>
    public bool IsConflict => Code == (int)HttpStatusCode.Conflict && !IsAlreadyExists;

    public bool IsAlreadyExists => Reason == "AlreadyExists";

    public bool IsNotFound => Code == (int)HttpStatusCode.NotFound;

    /// <summary>The version or continue token is too old for the server: list again.</summary>
    public bool IsGone => Code == (int)HttpStatusCode.Gone || Reason is "Expired" or "Gone";

    /// <summary>The object is malformed, or a <c>test</c> of a JSON patch failed.</summary>
    public bool IsInvalid => Code == (int)HttpStatusCode.UnprocessableEntity || Reason == "Invalid";

    public bool IsThrottled => Code == (int)HttpStatusCode.TooManyRequests;

    public bool IsUnauthorized => Code == (int)HttpStatusCode.Unauthorized;

    public bool IsForbidden => Code == (int)HttpStatusCode.Forbidden;

    /// <summary>The version asked for is newer than what this server has seen yet: list without a version.</summary>
    public bool IsResourceVersionTooLarge =>
        Status?.Details?.Causes?.Any(cause => cause.Reason == "ResourceVersionTooLarge") == true
        || Status?.Message?.Contains("Too large resource version", StringComparison.Ordinal) == true;

    /// <summary>Nothing is wrong with the request; the same one may succeed later.</summary>
    public bool IsTransient => Code is 0 or 408 or 429 or 500 or 502 or 503 or 504;
}
