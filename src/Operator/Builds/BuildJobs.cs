using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Builds;

/// <summary>Makes, sees and removes the Jobs of releases: one per release, by its name.</summary>
public sealed class BuildJobs(KubeClient client, IStore<V1Job> jobs, IStore<V1Pod> pods, BuildOptions options)
{
    /// <summary>Index of pods by the Deployment whose build they are, as <c>namespace/deployment</c>.</summary>
    public const string ByRelease = "release";

    /// <summary>The Job of a Deployment, by the cache; null when there is none.</summary>
    public V1Job? Find(Deployment deployment) => OfDeployment(deployment, jobs.Get(KeyOf(deployment)));

    public BuildProgress Look(Deployment deployment, V1Job? job) =>
        BuildProgress.Of(job, pods.ByIndex(ByRelease, NamespacedName.Of(deployment).ToString()));

    /// <summary>Job and progress past the caches: nothing is given up on what a cache says.</summary>
    public async Task<(V1Job? Job, BuildProgress Progress)> LookAgainAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var job = OfDeployment(deployment, await client.GetAsync<V1Job>(KeyOf(deployment), cancellationToken));
        if (job is null)
        {
            return (null, BuildProgress.Of(null, []));
        }

        var selector = string.Join(',', (job.Metadata.Labels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}"));
        var live = await client.ListAsync<V1Pod>(
            new ListOptions { Namespace = deployment.Metadata.Namespace, LabelSelector = selector }, cancellationToken);
        return (job, BuildProgress.Of(job, live.Items));
    }

    /// <summary>Creates it; that it exists already is as good.</summary>
    /// <exception cref="ApiException">The API server refuses it.</exception>
    public async Task EnsureAsync(ReleaseRow release, Deployment deployment, CancellationToken cancellationToken)
    {
        try
        {
            await client.CreateAsync(BuildJob.Manifest(BuildSnapshot.RequestOf(release, deployment, options), options), cancellationToken);
        }
        catch (ApiException error) when (error.IsAlreadyExists)
        {
            // Made by a pass that was cut off before it could say so, or by one whose answer was lost.
        }
    }

    /// <summary>Removes it with its pods; whatever else has that name by now stays.</summary>
    public Task RemoveAsync(V1Job job, CancellationToken cancellationToken) => client.DeleteAsync<V1Job>(
        NamespacedName.Of(job), new DeleteOptions { Uid = job.Metadata.Uid, Propagation = Propagation.Background }, cancellationToken);

    private static NamespacedName KeyOf(Deployment deployment) =>
        new(deployment.Metadata.Namespace!, BuildJob.NameOf(deployment.Metadata.Name!, deployment.Metadata.Uid!));

    private static V1Job? OfDeployment(Deployment deployment, V1Job? job) =>
        job?.Metadata.Controller()?.Uid == deployment.Metadata.Uid ? job : null;
}
