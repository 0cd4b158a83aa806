using System.Text.Json.Nodes;
using Slipway.Operator;

namespace Slipway.Manifests;

/// <summary>What the Helm chart takes from the code, by its path below the chart's <c>files</c>; its templates include the texts as they are.</summary>
public static class ChartFiles
{
    /// <summary>Helm leaves an object with this annotation in place on uninstall: with a definition go all objects of its kind.</summary>
    private const string ResourcePolicy = "helm.sh/resource-policy";

    public static IEnumerable<KeyValuePair<string, string>> All() =>
        Kind.All.Select(Definition).Concat([
            Rules("operator", Rbac.Operator),
            Rules("operator-at-home", Rbac.OperatorAtHome),
            Rules("operator-cluster-wide", Rbac.OperatorClusterWide),
            Rules("operator-in-namespace", Rbac.OperatorInNamespace),
            Rules("operator-at-home-restricted", Rbac.OperatorAtHomeRestricted),
            Rules("operator-cluster-events", Rbac.OperatorClusterEvents),
            Rules("viewer", Rbac.Viewer),
            Rules("releaser", Rbac.Releaser),
            Rules("admin", Rbac.Admin),
        ]);

    private static KeyValuePair<string, string> Definition(Kind kind)
    {
        var definition = CustomResourceDefinition.Of(kind);
        definition["metadata"]!["annotations"] = new JsonObject { [ResourcePolicy] = "keep" };
        return new($"crd/{kind.Resource.Group}_{kind.Resource.Plural}.yaml", $"# {GeneratedFiles.Notice}\n{YamlText.Of(definition)}");
    }

    private static KeyValuePair<string, string> Rules(string name, IReadOnlyList<PolicyRule> rules) =>
        new($"rules/{name}.yaml", YamlText.Of(RbacManifests.Rules(rules)));
}
