using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Testing.FakeApi;

/// <summary>Reading and keeping the metadata that only a server writes.</summary>
internal static class FakeMetadata
{
    public static readonly string[] ServerOwned =
        ["uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields", "selfLink"];

    private static readonly string[] Kept = ["uid", "name", "namespace", "generation", "creationTimestamp", "deletionTimestamp"];

    public static JsonObject Metadata(this JsonObject resource)
    {
        if (resource["metadata"] is not JsonObject metadata)
        {
            resource["metadata"] = metadata = [];
        }

        return metadata;
    }

    public static string? MetadataText(this JsonObject resource, string name) => (string?)resource["metadata"]?[name];

    public static IReadOnlyList<string> Finalizers(this JsonObject resource) =>
        [.. (resource["metadata"]?["finalizers"] as JsonArray ?? []).Select(item => (string)item!)];

    public static bool IsTerminating(this JsonObject resource) => resource["metadata"]?["deletionTimestamp"] is not null;

    public static string Timestamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Nobody but the server decides about these.</summary>
    public static void KeepServerOwned(JsonObject next, JsonObject current)
    {
        foreach (var name in Kept)
        {
            Copy(name, current.Metadata(), next.Metadata());
        }
    }

    public static void Copy(string name, JsonObject from, JsonObject to)
    {
        if (from[name] is { } value)
        {
            to[name] = value.DeepClone();
        }
        else
        {
            to.Remove(name);
        }
    }

    /// <summary>Everything that counts as specification: all but metadata and status.</summary>
    public static JsonObject Specification(JsonObject resource)
    {
        var copy = (JsonObject)resource.DeepClone();
        copy.Remove("metadata");
        copy.Remove("status");
        return copy;
    }
}
