namespace Slipway.Operator;

/// <summary>Permissions that belong together, and the reason for them.</summary>
/// <param name="Why">A sentence; it becomes the comment above the generated rule.</param>
/// <param name="Groups">API groups; the empty string is the core group.</param>
/// <param name="Resources">Resources and subresources, for example <c>stacks/status</c>.</param>
/// <param name="Verbs">Nothing that no code path uses.</param>
public sealed record PolicyRule(string Why, IReadOnlyList<string> Groups, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs)
{
    /// <summary>Only the objects of these names; empty for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}

/// <summary>
/// What the operator may do in a cluster, next to the code that does it. <c>config/rbac</c> is generated from here, so a
/// new request against the API server starts with a line in this file.
/// </summary>
public static class Rbac
{
    /// <summary>Name of the operator's ClusterRole and of its binding.</summary>
    public const string OperatorRole = "slipway-operator";

    /// <summary>Name of the role that lets people look; aggregated to the built-in role view.</summary>
    public const string ViewerRole = "slipway-viewer";

    /// <summary>Name of the role that lets people and jobs release; aggregated to the built-in role edit.</summary>
    public const string ReleaserRole = "slipway-releaser";

    /// <summary>Name of the role that lets people do everything with our kinds; aggregated to the built-in role admin.</summary>
    public const string AdminRole = "slipway-admin";

    /// <summary>Name of the Role, and of its binding, in each namespace of an operator that is restricted to some.</summary>
    public const string NamespaceRole = "slipway-releases";

    /// <summary>Name of the Role, and of its binding, that such an operator has in <see cref="ClusterEventsNamespace"/>.</summary>
    public const string EventsRole = "slipway-events";

    /// <summary>Namespace that the operator runs in.</summary>
    public const string Namespace = "slipway-system";

    /// <summary>
    /// Namespace of the Leases of demo databases. Not the operators' own: whoever may contend for a Lease that does not exist yet may write
    /// every one in its namespace.
    /// </summary>
    public const string DemoNamespace = "slipway-demo";

    /// <summary>Service account that the operator runs as.</summary>
    public const string ServiceAccount = "slipway";

    /// <summary>Namespace of events about cluster-scoped objects, such as a Team.</summary>
    public const string ClusterEventsNamespace = Runtime.Events.EventRecorder.ClusterNamespace;

    private const string Ours = Crds.WellKnown.Group;

    /// <summary>Resources of the table that are in no namespace: permission for them is given cluster-wide, or not at all.</summary>
    private static readonly HashSet<string> ClusterScoped = ["teams", "teams/status", "namespaces"];

    /// <summary>The operator's own permissions.</summary>
    public static IReadOnlyList<PolicyRule> Operator { get; } =
    [
        new("Watches its kinds, and puts its finalizer on them. It never writes a spec.",
            [Ours], ["stacks", "deployments", "envpatches", "teams"], ["get", "list", "watch", "patch"]),
        new("Makes the releases that a stack's own source and EnvPatches ask for, and removes ended ones beyond its historyLimit.",
            [Ours], ["deployments"], ["create", "delete"]),
        new("Writes what it observed. Status is a subresource of its own.",
            [Ours], ["stacks/status", "deployments/status", "envpatches/status", "teams/status"], ["patch"]),
        new("Creates, corrects and removes the workload of a stack.",
            ["apps"], ["deployments"], ["get", "list", "watch", "create", "patch", "delete"]),
        new("Creates, corrects and removes the Service of a stack.",
            [""], ["services"], ["get", "list", "watch", "create", "patch", "delete"]),
        new("Builds and pushes an image as a Job, and removes the Job of a release that is decided.",
            ["batch"], ["jobs"], ["get", "list", "watch", "create", "delete"]),
        new("Sees which image digest really runs, and why a pod does not start.",
            [""], ["pods"], ["list", "watch"]),
        new("Puts the last lines of a failing container into the release's failure.",
            [""], ["pods/log"], ["get"]),
        new("Reads Secrets one by one, each by the name that somebody gave: the pull secrets of a pod template, to resolve a tag in a private registry, and the labelled ones that an EnvPatch takes values from.",
            [""], ["secrets"], ["get"]),
        new("Projects each revision of a stack's variables into a Secret of its own, and removes it when no release needs it; lets go of it when a workload is orphaned. Makes the Secret with the keys that variables are encrypted with, where none is given.",
            [""], ["secrets"], ["create", "patch", "delete"]),
        new("Finds the pull secrets that a pod's service account adds.",
            [""], ["serviceaccounts"], ["get"]),
        new("Knows its cluster again by the UID of a namespace that every cluster has, so that objects of another one are never taken for deleted.",
            [""], ["namespaces"], ["get"]) { Names = [Releases.ClusterIdentity.Namespace] },
        new("Tells about phases and refusals, and counts repetitions instead of repeating them.",
            ["events.k8s.io"], ["events"], ["create", "patch"]),
        new("Finds why a build does not start (a quota, a missing Secret or ConfigMap): only events say so.",
            ["events.k8s.io"], ["events"], ["list"]),
    ];

    /// <summary>The operator's permissions in its own namespace alone.</summary>
    public static IReadOnlyList<PolicyRule> OperatorAtHome { get; } =
    [
        new("Contends for the leader's lease, keeps it and gives it back, and sees when another one does.",
            ["coordination.k8s.io"], ["leases"], ["get", "watch", "patch"]) { Names = [LeaderOptions.Lease] },
        new("Makes the leader's lease when there is none. What does not exist yet cannot be restricted by name.",
            ["coordination.k8s.io"], ["leases"], ["create"]),
    ];

    /// <summary>What of <see cref="Operator"/> an operator that is restricted to namespaces needs cluster-wide all the same.</summary>
    public static IReadOnlyList<PolicyRule> OperatorClusterWide { get; } = Part(ClusterScoped.Contains);

    /// <summary>The rest of <see cref="Operator"/>, which such an operator needs in each of its namespaces.</summary>
    public static IReadOnlyList<PolicyRule> OperatorInNamespace { get; } = Part(resource => !ClusterScoped.Contains(resource));

    /// <summary>What such an operator needs in its own namespace beyond <see cref="OperatorAtHome"/>: the cluster-wide role gives it to others.</summary>
    public static IReadOnlyList<PolicyRule> OperatorAtHomeRestricted { get; } =
    [
        new("Reads the Secret with the keys that variables are encrypted with.", [""], ["secrets"], ["get"]) { Names = [EnvKeySecret.Name] },
        new("Makes that Secret when there is none. What does not exist yet cannot be restricted by name.", [""], ["secrets"], ["create"]),
    ];

    /// <summary>What such an operator needs in <see cref="ClusterEventsNamespace"/>.</summary>
    public static IReadOnlyList<PolicyRule> OperatorClusterEvents { get; } =
    [
        new("Tells about Teams, which are in no namespace.", ["events.k8s.io"], ["events"], ["create", "patch"]),
    ];

    /// <summary>
    /// What somebody needs to look at releases. EnvPatches are no part of it: their spec has the values of variables, and the
    /// built-in role view, which this one is added to, reads no Secrets either. A Stack's status names the keys.
    /// </summary>
    public static IReadOnlyList<PolicyRule> Viewer { get; } =
    [
        new("Sees stacks and releases, and whose they are.", [Ours], ["stacks", "deployments", "teams"], ["get", "list", "watch"]),
    ];

    /// <summary>What somebody, or a CI job, needs to release. Changing a Stack is not part of it: its template can run any pod.</summary>
    public static IReadOnlyList<PolicyRule> Releaser { get; } =
    [
        new("Sees the stacks that releases land on, and whose they are.", [Ours], ["stacks", "teams"], ["get", "list", "watch"]),
        new("Makes, cancels and removes releases.",
            [Ours], ["deployments"], ["get", "list", "watch", "create", "update", "patch", "delete"]),
        new("Changes the variables of stacks, sees what became of it, and removes what is done. No update: a patch is immutable.",
            [Ours], ["envpatches"], ["get", "list", "watch", "create", "patch", "delete"]),
    ];

    /// <summary>
    /// What somebody needs who answers for stacks and teams. Changing a Stack is as much as running any pod in its namespace. Teams are in no
    /// namespace: for them it takes a ClusterRoleBinding.
    /// </summary>
    public static IReadOnlyList<PolicyRule> Admin { get; } =
    [
        new("Makes, changes and removes stacks, releases, variables and teams.",
            [Ours],
            ["stacks", "deployments", "envpatches", "teams"],
            ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]),
    ];

    private static IReadOnlyList<PolicyRule> Part(Func<string, bool> belongs) =>
    [
        .. Operator.Select(rule => rule with { Resources = [.. rule.Resources.Where(belongs)] }).Where(rule => rule.Resources.Count > 0),
    ];
}
