using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Kubernetes.Resources;
using Slipway.Operator.Deployments;
using Slipway.Operator.EnvPatches;
using Slipway.Operator.Releases;
using Slipway.Runtime.Caching;

namespace Slipway.Operator;

/// <summary>Which change of which object wakes whom. Waking once too often costs a look; once too seldom, a release.</summary>
public sealed class Wiring(IStore<Deployment> deployments, IStore<EnvPatch> patches, IStore<Stack> stacks, IStore<Team> teams)
{
    /// <summary>Index, of one value of the same name, of objects that wait for a slug to be freed.</summary>
    public const string WithoutSlug = "without-slug";

    /// <summary>
    /// A release has moved, or its object has come or gone: whoever waits for it (a turn, the slot) and whoever it may
    /// have replaced looks again.
    /// </summary>
    public IEnumerable<NamespacedName> Peers(StoreChange<Deployment> change)
    {
        if (change.Initial || (change.Old is { } before && change.New is { } after && !HasMoved(before, after)))
        {
            return [];
        }

        return Unfinished(KeyOf(change.Latest)).Where(key => key != NamespacedName.Of(change.Latest));
    }

    /// <summary>A stack has come, gone or changed: everything on it that is not over looks again.</summary>
    public IEnumerable<NamespacedName> OfStack(StoreChange<Stack> change) =>
        HasChanged(change) ? Unfinished(NamespacedName.Of(change.Latest)) : [];

    /// <summary>A patch was decided, is held up, or has gone: whose turn it is now looks again, and nobody else.</summary>
    public IEnumerable<NamespacedName> PatchPeers(StoreChange<EnvPatch> change) =>
        change.Initial || (change.Old?.Status?.Reason == change.New?.Status?.Reason
            && change.Old?.Metadata.DeletionTimestamp == change.New?.Metadata.DeletionTimestamp
            && change.Old?.Metadata.Uid == change.New?.Metadata.Uid)
            ? []
            : EnvPatchOrder.First(patches.ByIndex(EnvPatchReconciler.ByStack, $"{change.Latest.Metadata.Namespace}/{change.Latest.Spec.Stack}")) is { } first
                ? [NamespacedName.Of(first)]
                : [];

    /// <summary>A stack has come, gone or changed: every patch of it that is not decided looks again.</summary>
    public IEnumerable<NamespacedName> PatchesOfStack(StoreChange<Stack> change) =>
        HasChanged(change) ? Undecided(NamespacedName.Of(change.Latest)) : [];

    /// <summary>A workload or pod of ours has changed: the release that is being activated there looks again.</summary>
    public IEnumerable<NamespacedName> OfWorkload<T>(StoreChange<T> change)
        where T : class, IResource<T> =>
        ReleaseLabels.StackOf(change.Latest) is { } stack
            ? deployments.ByIndex(Observer.ByStack, stack.ToString())
                .Where(one => one.Status?.Phase?.IsInFlight() == true)
                .Select(one => NamespacedName.Of(one))
            : [];

    /// <summary>A pod of a workload, or of a build: the release that it is of looks again.</summary>
    public IEnumerable<NamespacedName> OfPod(StoreChange<V1Pod> change) =>
        ReleaseLabels.BuildOf(change.Latest) is { } release ? [release] : OfWorkload(change);

    /// <summary>The stack of a release that has moved, for its status.</summary>
    public static IEnumerable<NamespacedName> StackOf(StoreChange<Deployment> change) =>
        change.Old is { } before && change.New is { } after && !HasMoved(before, after) ? [] : [KeyOf(change.Latest)];

    /// <summary>A team has come, gone, got its slug or begun to go: its stacks look again.</summary>
    public IEnumerable<NamespacedName> StacksOfTeam(StoreChange<Team> change) =>
        change.Old is { } before && change.New is { } after && !HasChanged(before, after)
            ? []
            : stacks.ByIndex(StackTeams.ByTeam, change.Latest.Metadata.Name!).Select(stack => NamespacedName.Of(stack));

    /// <summary>So do the releases on them.</summary>
    public IEnumerable<NamespacedName> ReleasesOfTeam(StoreChange<Team> change) => StacksOfTeam(change).SelectMany(Unfinished);

    /// <summary>A stack has gone, or names another team: the one it named may wait for that.</summary>
    public static IEnumerable<NamespacedName> TeamsOfStack(StoreChange<Stack> change) =>
        change.Old is { } before && before.Spec.Team is { Length: > 0 } former && change.New?.Spec.Team != former
            ? [new NamespacedName("", former)]
            : [];

    /// <summary>A stack has gone, and its slug with it: those that wait for one look again.</summary>
    public IEnumerable<NamespacedName> StacksWithoutSlug(StoreChange<Stack> change) =>
        change.New is null ? stacks.ByIndex(WithoutSlug, WithoutSlug).Select(stack => NamespacedName.Of(stack)) : [];

    /// <summary>The same of teams.</summary>
    public IEnumerable<NamespacedName> TeamsWithoutSlug(StoreChange<Team> change) =>
        change.New is null ? teams.ByIndex(WithoutSlug, WithoutSlug).Select(team => NamespacedName.Of(team)) : [];

    private static bool HasChanged(Team before, Team after) =>
        before.Metadata.Uid != after.Metadata.Uid
        || before.Metadata.DeletionTimestamp != after.Metadata.DeletionTimestamp
        || before.Status?.Slug != after.Status?.Slug;

    private static bool HasChanged(StoreChange<Stack> change) =>
        change.Old is not { } before || change.New is not { } after
            || before.Metadata.Generation != after.Metadata.Generation
            || before.Metadata.DeletionTimestamp != after.Metadata.DeletionTimestamp
            || before.Metadata.Uid != after.Metadata.Uid;

    private static bool HasMoved(Deployment before, Deployment after) =>
        before.Status?.Phase != after.Status?.Phase
        || before.Status?.Version != after.Status?.Version
        || before.Metadata.DeletionTimestamp != after.Metadata.DeletionTimestamp
        || before.Metadata.Uid != after.Metadata.Uid
        || before.Spec.Cancel != after.Spec.Cancel
        || before.Metadata.Generation != after.Metadata.Generation;

    private static NamespacedName KeyOf(Deployment deployment) => new(deployment.Metadata.Namespace ?? "", deployment.Spec.Stack);

    private IEnumerable<NamespacedName> Unfinished(NamespacedName stack) =>
        deployments.ByIndex(Observer.ByStack, stack.ToString())
            .Where(one => one.Status?.Phase?.IsTerminal() != true)
            .Select(one => NamespacedName.Of(one));

    private IEnumerable<NamespacedName> Undecided(NamespacedName stack) =>
        patches.ByIndex(EnvPatchReconciler.ByStack, stack.ToString())
            .Where(one => !EnvPatchStatusProjection.IsDecided(one))
            .Select(one => NamespacedName.Of(one));
}
