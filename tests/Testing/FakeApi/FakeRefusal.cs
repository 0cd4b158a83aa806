using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>A request that the server refuses, in the words of the real one.</summary>
public sealed class FakeRefusal(int code, string reason, string text) : Exception(text)
{
    public int Code => code;

    public string Reason => reason;

    /// <summary>Seconds for the <c>Retry-After</c> header.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The reason of one cause in the details.</summary>
    public string? Cause { get; init; }

    public static FakeRefusal NotFound(ResourceKey key) => new(404, "NotFound", $"{key.Collection.Plural} \"{key.Name}\" not found");

    public static FakeRefusal AlreadyExists(ResourceKey key) =>
        new(409, "AlreadyExists", $"{key.Collection.Plural} \"{key.Name}\" already exists");

    public static FakeRefusal Conflict(ResourceKey key, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {key.Collection.Plural} \"{key.Name}\": {why}");

    public static FakeRefusal AnotherUid(ResourceKey key, string wanted, string? actual) =>
        Conflict(key, $"Precondition failed: UID in precondition: {wanted}, UID in object meta: {actual}");

    public static FakeRefusal Changed(ResourceKey key) =>
        Conflict(key, "the object has been modified; please apply your changes to the latest version and try again");

    public static FakeRefusal Invalid(string message) => new(422, "Invalid", message);

    public static FakeRefusal Gone(long asked, long oldest) => new(410, "Expired", $"too old resource version: {asked} ({oldest})");

    public static FakeRefusal TooLarge(string asked, long current) =>
        new(504, "Timeout", $"Too large resource version: {asked}, current: {current}") { RetryAfter = 1, Cause = "ResourceVersionTooLarge" };

    public static FakeRefusal Forbidden(string option, string why) =>
        new(422, "Invalid", $"ListOptions.meta.k8s.io \"\" is invalid: {option}: Forbidden: {why}") { Cause = "FieldValueForbidden" };

    public JsonObject ToStatus()
    {
        var details = new JsonObject();
        if (RetryAfter is { } seconds)
        {
            details["retryAfterSeconds"] = seconds;
        }

        if (Cause is { } cause)
        {
            details["causes"] = new JsonArray(new JsonObject { ["reason"] = cause, ["message"] = Message });
        }

        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = reason,
            ["details"] = details,
            ["code"] = code,
        };
    }
}
