using System.Text.Json.Nodes;

namespace Slipway.Testing.Cluster;

/// <summary>A kind of the tests' own in tests.slipway.dev/v1, with a size, a color, and a phase and message in its status.</summary>
public sealed record TestKind(string Kind, string Plural)
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Group = "tests.slipway.dev";

    private const string Template =
        """
        {
          "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
          "metadata": {"name": "{plural}.tests.slipway.dev"},
          "spec": {
            "group": "tests.slipway.dev", "scope": "Namespaced",
            "names": {"kind": "{Kind}", "plural": "{plural}", "singular": "{singular}", "listKind": "{Kind}List"},
            "versions": [{
              "name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
              "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                "spec": {"type": "object", "properties": {"size": {"type": "integer"}, "color": {"type": "string"}}},
                "status": {"type": "object", "properties": {"phase": {"type": "string"}, "message": {"type": "string"}}}}}}
            }]
          }
        }
        """;

    private string Path => $"{Definitions}/{Plural}.{Group}";

    /// <summary>Makes the server know it, and waits until it serves it.</summary>
    public async Task DefineAsync(ApiServer server)
    {
        await server.ApplyAsync(Path, JsonNode.Parse(Definition)!);
        await Eventually.See(
            $"the definition of {Plural} is served",
            () => server.GetAsync(Path), definition => definition.ConditionText("Established").StartsWith("True", StringComparison.Ordinal));
        await Eventually.See($"{Plural} can be listed", () => server.GetAsync($"/apis/{Group}/v1/{Plural}"), list => list is not null);
    }

    /// <summary>Makes the server forget it, all its objects, and their history.</summary>
    public async Task ForgetAsync(ApiServer server)
    {
        await server.DeleteAsync(Path);
        await Eventually.See($"the definition of {Plural} is gone", () => server.GetAsync(Path), definition => definition is null);
    }

    private string Definition => Template.Replace("{Kind}", Kind).Replace("{plural}", Plural).Replace("{singular}", Kind.ToLowerInvariant());
}
