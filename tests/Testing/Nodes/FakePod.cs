using System.Text.Json.Nodes;

namespace Slipway.Testing.Nodes;

/// <summary>A pod as the API server holds it.</summary>
public sealed record FakePod(JsonNode Json)
{
    public string Namespace => (string)Json["metadata"]!["namespace"]!;

    public string Name => (string)Json["metadata"]!["name"]!;

    public string Uid => (string)Json["metadata"]!["uid"]!;

    public string Path => $"/api/v1/namespaces/{Namespace}/pods/{Name}";

    /// <summary>Image of the first container.</summary>
    public string Image => (string)Json["spec"]!["containers"]![0]!["image"]!;

    public bool IsLeaving => Json["metadata"]!["deletionTimestamp"] is not null;

    public bool IsReady => !IsLeaving && ReadyCondition() == "True";

    public IEnumerable<JsonNode> Containers => Json["spec"]!["containers"]!.AsArray().Select(container => container!);

    /// <summary>Those that run to their end before the others begin, in their order.</summary>
    public IEnumerable<JsonNode> InitContainers => (Json["spec"]!["initContainers"]?.AsArray() ?? []).Select(container => container!);

    public string? Label(string key) => (string?)Json["metadata"]!["labels"]?[key];

    private string? ReadyCondition() =>
        (string?)Json["status"]?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == "Ready")?["status"];
}
