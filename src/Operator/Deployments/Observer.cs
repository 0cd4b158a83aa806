using System.Globalization;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Builds;
using Slipway.Operator.Releases;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Deployments;

/// <summary>Reads what a pass decides on: objects from the caches, the release from the ledger.</summary>
public sealed class Observer(
    KubeClient client,
    IStore<Deployment> deployments,
    IStore<Stack> stacks,
    IStore<V1Deployment> workloads,
    IStore<V1Pod> pods,
    StackTeams teams,
    BuildJobs jobs,
    BuildOptions builds,
    ReleaseLedger ledger,
    LedgerHealth health)
{
    /// <summary>Index of Deployments and pods by the stack they belong to, as <c>namespace/stack</c>.</summary>
    public const string ByStack = "stack";

    public async Task<Observed> ObserveAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(deployment.Metadata.Namespace ?? "", deployment.Spec.Stack);
        var stack = stacks.Get(key);
        var hash = DeploymentSpecHash.Of(deployment.Spec);
        var release = await FindReleaseAsync(deployment, stack, hash, cancellationToken);
        var job = jobs.Find(deployment);
        return new Observed
        {
            Deployment = deployment,
            SpecHash = hash,
            Release = release,
            Stack = stack,
            TeamProblem = release is null && stack is not null ? teams.ProblemOf(stack) : null,
            AtWorkSince = health.AvailableSince,
            BuildProblem = release is null && stack is not null && deployment.Spec.Source.IsBuilt() ? BuildCheck.Of(builds, stack.Spec.Build) : null,
            Job = job,
            Build = IsBuilding(release) ? jobs.Look(deployment, job) : null,
            Ahead = release is null
                ? TurnOrder.Ahead(deployment, TurnOrder.InLine(deployment, stack, deployments.ByIndex(ByStack, key.ToString())))
                : null,
            Rollout = release?.Phase == ReleasePhase.Activating
                ? Rollout.Of(release, workloads.Get(key), pods.ByIndex(ByStack, key.ToString()))
                : null,
        };
    }

    /// <summary>
    /// The rollout or the build once more, past the caches: a release is not given up on what a cache says, which may have been cut off
    /// from the API server while the pods became ready.
    /// </summary>
    public async Task<Observed> LookAgainAsync(Observed observed, CancellationToken cancellationToken)
    {
        if (observed.Build is not null)
        {
            var (job, progress) = await jobs.LookAgainAsync(observed.Deployment, cancellationToken);
            return observed with { Job = job, Build = progress };
        }

        var @namespace = observed.Deployment.Metadata.Namespace ?? "";
        var stack = observed.Deployment.Spec.Stack;
        var workload = await client.GetAsync<V1Deployment>(new NamespacedName(@namespace, stack), cancellationToken);
        var options = new ListOptions
        {
            Namespace = @namespace,
            LabelSelector = $"{WellKnown.Labels.ManagedBy}={WellKnown.FieldManager},{WellKnown.Labels.Stack}={stack}",
        };
        var live = await client.ListAsync<V1Pod>(options, cancellationToken);
        return observed with { Rollout = Rollout.Of(observed.Release!, workload, live.Items) };
    }

    /// <summary>
    /// The highest version that any object of the stack shows; null if none does. A ledger that does not know it was restored from an
    /// older backup, and would hand it out again.
    /// </summary>
    public ReleaseVersion? HighestSeen(Stack stack) => SeenVersions.Highest(
        stack, deployments.ByIndex(ByStack, NamespacedName.Of(stack).ToString()));

    /// <summary>Whether the very stack of the release exists, by the API server's own word.</summary>
    public async Task<bool> StackExistsAsync(ReleaseRow release, CancellationToken cancellationToken)
    {
        var live = await client.GetAsync<Stack>(new NamespacedName(release.Namespace, release.StackName), cancellationToken);
        return live is not null && Uid(live) == release.StackUid;
    }

    private static bool IsBuilding(ReleaseRow? release) =>
        release is { Build: not null, SlotRequestedAt: null, Phase: ReleasePhase.Pending or ReleasePhase.Building or ReleasePhase.Pushing };

    public static string RerunToken(Deployment deployment) => deployment.Metadata.Annotation(WellKnown.Annotations.Rerun) ?? "";

    public static Guid Uid(IResource resource) => Guid.Parse(resource.Metadata.Uid!, CultureInfo.InvariantCulture);

    /// <summary>The release of this very object, else the ended one of a former object that asked for the same.</summary>
    private async Task<ReleaseRow?> FindReleaseAsync(Deployment deployment, Stack? stack, string hash, CancellationToken cancellationToken)
    {
        if (await ledger.FindReleaseAsync(Uid(deployment), cancellationToken) is { } own)
        {
            return own;
        }

        // The stack it was bound to at first sight; another one of the same name knows nothing of it. Unless that is the same one,
        // restored: then the release is the new object's, and the status, if it was restored as well, names the former.
        foreach (var uid in new[] { deployment.Status?.StackUid, stack?.Metadata.Uid }.Distinct())
        {
            if (Guid.TryParse(uid, out var stackUid) && await FindTwinAsync(deployment, stackUid, hash, cancellationToken) is { } twin)
            {
                return twin;
            }
        }

        return null;
    }

    private Task<ReleaseRow?> FindTwinAsync(Deployment deployment, Guid stackUid, string hash, CancellationToken cancellationToken) =>
        ledger.FindFinishedTwinAsync(
            deployment.Metadata.Namespace!, deployment.Metadata.Name!, stackUid, hash, RerunToken(deployment), cancellationToken);
}
