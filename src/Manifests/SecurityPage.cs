using System.Text;
using Slipway.Operator;

namespace Slipway.Manifests;

/// <summary>The page that tells what each permission is for, from the rule table and its reasons.</summary>
public static class SecurityPage
{
    private const string Before = """
        # Security

        What the operator may do in a cluster, what people may do with it, how its pods run, and where secrets are. The tables are made from
        the same list as the roles.

        ## What the operator may do

        As the service account `slipway`, by a ClusterRole. No permission is a wildcard. It cannot list Secrets, and in what people apply it
        changes finalizers and status, never the spec. A Secret whose name it knows it can read everywhere;
        [restricted to namespaces](#restricted-to-namespaces) it can do so only there.

        """;

    private const string AtHome = """

        In its own namespace alone:

        """;

    private const string Restricted = """

        ## Restricted to namespaces

        An operator that works only in some namespaces (`watchNamespaces` of the [chart](install.md#restricted-to-namespaces)) has a Role in each
        of them instead. Cluster-wide it keeps only what is in no namespace:

        """;

    private const string InNamespace = """

        In each of its namespaces:

        """;

    private const string AtHomeRestricted = """

        In its own namespace, beside the Lease:

        """;

    private static readonly string ClusterEvents = $"""

        In the namespace `{Rbac.ClusterEventsNamespace}`:

        """;

    private const string People = """

        ## What people may do

        Three roles are added to the built-in ones, so that whoever has `view`, `edit` or `admin` in a namespace has them there. Teams are in no
        namespace: for them bind the role by a ClusterRoleBinding.

        """;

    private const string After = """

        Whoever may change a Stack can run any pod in its namespace, with any of its service accounts and Secrets. That is why releasing and changing Stacks
        are two roles. A release names an image: whoever may release chooses what runs, within the Stack's template.

        ## How the pods run

        As the Pod Security Standard `restricted` demands: user 65532 and not root, no capability and no way to more privileges, the
        seccomp profile of the container runtime, and a file system that they cannot write to. There is no shell in the image. The pods of
        builds are the exception, as buildah needs more by default; [builds](builds.md#without-privileges) tells how it goes without.

        Port 8081 answers probes and `/metrics`, without authentication. Metrics have names of kinds and counts, and no values. The chart's
        `networkPolicy` restricts who reaches it.

        ## Where secrets are

        | what | where | who reads it |
        |---|---|---|
        | the ledger's address with its password | a Secret, as the variable `DATABASE_URL` of the pod; in no manifest of ours | the operator |
        | keys that variables are encrypted with | the Secret `slipway-env-keys`, or a file ([environment variables](environment.md#encryption-keys)) | the operator |
        | values of variables | the ledger, encrypted, and a Secret for each revision in the Stack's namespace ([where the values are](environment.md#where-the-values-are)) | the pods of the stack |
        | logins of registries and Git | Secrets of the namespace, by name ([credentials](builds.md#credentials)) | the build's containers; the operator, for pull secrets |

        Messages in statuses, events, logs and metrics name variables and Secrets, never a value.

        """;

    public static string Render()
    {
        var page = new StringBuilder(Before);
        AppendTable(page, Rbac.Operator);
        AppendTable(page.Append(AtHome), Rbac.OperatorAtHome);
        AppendTable(page.Append(Restricted), Rbac.OperatorClusterWide);
        AppendTable(page.Append(InNamespace), Rbac.OperatorInNamespace);
        AppendTable(page.Append(AtHomeRestricted), Rbac.OperatorAtHomeRestricted);
        AppendTable(page.Append(ClusterEvents), Rbac.OperatorClusterEvents);
        page.Append(People);
        AppendRole(page, Rbac.ViewerRole, "view", Rbac.Viewer);
        AppendRole(page, Rbac.ReleaserRole, "edit", Rbac.Releaser);
        AppendRole(page, Rbac.AdminRole, "admin", Rbac.Admin);
        return page.Append(After).ToString();
    }

    private static void AppendRole(StringBuilder page, string role, string builtIn, IReadOnlyList<PolicyRule> rules)
    {
        page.Append($"\n`{role}`, through `{builtIn}`:\n");
        AppendTable(page, rules);
    }

    private static void AppendTable(StringBuilder page, IReadOnlyList<PolicyRule> rules)
    {
        page.Append("\n| what | may | what for |\n|---|---|---|\n");
        foreach (var rule in rules)
        {
            var resources = string.Join(", ", rule.Groups.SelectMany(group => rule.Resources.Select(resource => Resource(group, resource))));
            var names = rule.Names.Count == 0 ? "" : $" called {string.Join(", ", rule.Names.Select(name => $"`{name}`"))}";
            page.Append($"| {resources}{names} | {string.Join(", ", rule.Verbs)} | {rule.Why} |\n");
        }
    }

    /// <summary>As kubectl writes it: <c>deployments.apps</c>, and <c>pods</c> of the core group.</summary>
    private static string Resource(string group, string resource)
    {
        var parts = resource.Split('/');
        var name = group.Length == 0 ? parts[0] : $"{parts[0]}.{group}";
        return parts.Length == 1 ? $"`{name}`" : $"`{name}/{parts[1]}`";
    }
}
