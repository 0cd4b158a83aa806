using System.Text.Json.Nodes;
using Slipway.Crds;
using Slipway.Operator;

namespace Slipway.Manifests;

/// <summary>The operator's permissions and those of the people who release, from <see cref="Rbac"/>.</summary>
public static class RbacManifests
{
    private const string Api = "rbac.authorization.k8s.io";

    public static JsonObject OperatorRole() => Role(Rbac.OperatorRole, Rbac.Operator);

    public static JsonObject ViewerRole() => Role(Rbac.ViewerRole, Rbac.Viewer, "view", "edit", "admin");

    public static JsonObject ReleaserRole() => Role(Rbac.ReleaserRole, Rbac.Releaser, "edit", "admin");

    public static JsonObject AdminRole() => Role(Rbac.AdminRole, Rbac.Admin, "admin");

    public static JsonObject Namespace() => Object("v1", "Namespace", Rbac.Namespace);

    public static JsonObject ServiceAccount() => Object("v1", "ServiceAccount", Rbac.ServiceAccount, Rbac.Namespace);

    public static JsonObject Binding() => Bind(Object($"{Api}/v1", "ClusterRoleBinding", Rbac.OperatorRole), "ClusterRole");

    public static JsonObject RoleAtHome() => WithRules(Object($"{Api}/v1", "Role", Rbac.OperatorRole, Rbac.Namespace), Rbac.OperatorAtHome);

    public static JsonObject BindingAtHome() => Bind(Object($"{Api}/v1", "RoleBinding", Rbac.OperatorRole, Rbac.Namespace), "Role");

    /// <summary>The rest of the ClusterRole of an operator that is restricted to namespaces.</summary>
    public static JsonObject OperatorRoleRestricted() => Role(Rbac.OperatorRole, Rbac.OperatorClusterWide);

    public static JsonObject RoleAtHomeRestricted() => WithRules(
        Object($"{Api}/v1", "Role", Rbac.OperatorRole, Rbac.Namespace), [.. Rbac.OperatorAtHome, .. Rbac.OperatorAtHomeRestricted]);

    /// <summary>Without a namespace: each user of kustomize names theirs.</summary>
    public static JsonObject RoleInNamespace() => WithRules(Object($"{Api}/v1", "Role", Rbac.NamespaceRole), Rbac.OperatorInNamespace);

    public static JsonObject BindingInNamespace() => Bind(Object($"{Api}/v1", "RoleBinding", Rbac.NamespaceRole), "Role");

    public static JsonObject EventsRole() =>
        WithRules(Object($"{Api}/v1", "Role", Rbac.EventsRole, Rbac.ClusterEventsNamespace), Rbac.OperatorClusterEvents);

    public static JsonObject EventsBinding() => Bind(Object($"{Api}/v1", "RoleBinding", Rbac.EventsRole, Rbac.ClusterEventsNamespace), "Role");

    /// <summary>To the role of the same name.</summary>
    private static JsonObject Bind(JsonObject binding, string kind)
    {
        binding["roleRef"] = new JsonObject { ["apiGroup"] = Api, ["kind"] = kind, ["name"] = (string?)binding["metadata"]!["name"] };
        binding["subjects"] = new JsonArray(
            new JsonObject { ["kind"] = "ServiceAccount", ["name"] = Rbac.ServiceAccount, ["namespace"] = Rbac.Namespace });
        return binding;
    }

    private static JsonObject Role(string name, IReadOnlyList<PolicyRule> rules, params IReadOnlyList<string> aggregatedTo)
    {
        var role = Object($"{Api}/v1", "ClusterRole", name);
        foreach (var target in aggregatedTo)
        {
            role["metadata"]!["labels"]![$"{Api}/aggregate-to-{target}"] = "true";
        }

        return WithRules(role, rules);
    }

    private static JsonObject WithRules(JsonObject role, IReadOnlyList<PolicyRule> rules)
    {
        role["rules"] = Rules(rules);
        return role;
    }

    /// <summary>The rules as a role has them, each with its reason.</summary>
    public static JsonArray Rules(IReadOnlyList<PolicyRule> rules) => new([.. rules.Select(Rule)]);

    private static JsonObject Rule(PolicyRule rule)
    {
        var json = new JsonObject
        {
            [YamlText.Comment] = rule.Why,
            ["apiGroups"] = Words(rule.Groups),
            ["resources"] = Words(rule.Resources),
        };
        if (rule.Names.Count > 0)
        {
            json["resourceNames"] = Words(rule.Names);
        }

        json["verbs"] = Words(rule.Verbs);
        return json;
    }

    private static JsonArray Words(IReadOnlyList<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);

    private static JsonObject Object(string apiVersion, string kind, string name, string? ns = null)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
        {
            metadata["namespace"] = ns;
        }

        metadata["labels"] = new JsonObject { [WellKnown.Labels.AppName] = "slipway" };
        return new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
    }
}
