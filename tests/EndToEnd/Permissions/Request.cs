using System.Text.Json.Nodes;
using Slipway.Testing;

namespace Slipway.EndToEnd.Permissions;

/// <summary>What somebody asked of an API server, as far as it matters for whether they may.</summary>
/// <param name="Group">The API group; the empty string is the core group.</param>
/// <param name="Resource">With the subresource, for example <c>stacks/status</c>.</param>
/// <param name="Verb">For example <c>get</c>.</param>
/// <param name="Namespace">Where; empty for what is in no namespace, and for all of them.</param>
/// <param name="Name">Of which object; empty for those of a kind, and for one that is created.</param>
public sealed record Request(string Group, string Resource, string Verb, string Namespace, string Name)
{
    private const string Decision = "authorization.k8s.io/decision";

    /// <summary>Whether it was let through, whatever became of it then.</summary>
    public bool IsAllowed { get; init; } = true;

    /// <summary>What an entry of the audit log stands for: nothing if the request was for no object.</summary>
    public static IEnumerable<Request> Of(JsonNode entry)
    {
        if (entry["objectRef"] is not { } asked || asked.Text("resource") is not { } resource)
        {
            return [];
        }

        var request = new Request(
            asked.Text("apiGroup") ?? "",
            asked.Text("subresource") is { } part ? $"{resource}/{part}" : resource,
            entry.Text("verb")!,
            asked.Text("namespace") ?? "",
            asked.Text("name") ?? "")
        {
            // A request that came too early for a namespace, or too late, is forbidden too; that is no matter of permissions.
            IsAllowed = (string?)entry["annotations"]?[Decision] == "allow",
        };

        // What does not exist yet is not asked for by its name.
        return request switch
        {
            { Verb: "create" } => [request with { Name = "" }],
            // An apply that makes the object needs both.
            { Verb: "patch" } when entry.Number("responseStatus.code") == 201 => [request, request with { Verb = "create", Name = "" }],
            _ => [request],
        };
    }
}
