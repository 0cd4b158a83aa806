using Slipway.Crds.Meta;

namespace Slipway.Runtime.Tests;

/// <summary>What an API server puts on the wire.</summary>
internal static class Wire
{
    public static string List(int version, params Widget[] items) => ListOf(version, null, [.. items.Select(item => item.ToJson())]);

    public static string ListOf(int version, string? next, params string[] items) =>
        $$"""
        {"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[{{string.Join(',', items)}}]}
        """;

    public static string Event(string type, Widget item) => Event(type, item.ToJson());

    public static string Event(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""";

    public static string Bookmark(int version) => Event("BOOKMARK", Widget.Named("", version));

    /// <summary>The bookmark that says that a streamed state is complete.</summary>
    public static string EndOfState(int version) => Event("BOOKMARK", Widget.Named("", version).With(metadata => metadata with
    {
        Annotations = new Dictionary<string, string> { ["k8s.io/initial-events-end"] = "true" },
    }));

    public static string Status(int code, string reason, string message = "as scripted") =>
        $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""";

    /// <summary>A widget whose size is no number.</summary>
    public static string Broken(NamespacedName key, int version) =>
        $$$"""
        {"apiVersion":"tests.slipway.dev/v1","kind":"Widget","metadata":{"name":"{{{key.Name}}}","namespace":"{{{key.Namespace}}}","uid":"uid-{{{key.Name}}}","resourceVersion":"{{{version}}}"},"spec":{"size":"huge"}}
        """;
}
