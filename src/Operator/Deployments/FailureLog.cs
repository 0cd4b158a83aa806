using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Builds;
using Slipway.Operator.Releases;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Deployments;

/// <summary>The last words of a failing container, for the release's record. A help to people, never a condition for failing.</summary>
public sealed class FailureLog(KubeClient client, IStore<V1Pod> pods)
{
    private readonly ContainerLog _log = new(client);

    /// <summary>Of a rollout: the tail of whichever container of the release's pods fails.</summary>
    /// <returns>The tail, or null when there is none to be had.</returns>
    public async Task<string?> TailAsync(ReleaseRow release, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(release.Namespace, release.StackName).ToString();
        var containers = ReleaseTemplate.Parse(release.Template!).Containers;
        var failing = (
            from pod in pods.ByIndex(Observer.ByStack, key)
            where pod.Metadata.Label(WellKnown.Labels.Version) == release.Version?.ToString()
            from container in (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? [])
            where !container.Ready && (container.State?.Running is not null || container.State?.Terminated is not null || container.RestartCount > 0)
            orderby container.RestartCount descending, containers.Contains(container.Name) descending
            select (Pod: NamespacedName.Of(pod), Container: container)).FirstOrDefault();
        if (failing.Container is not { } last)
        {
            return null;
        }

        // A container that waits to be started again has said what it had to say in its last run.
        var previous = last.State?.Waiting is not null && last.RestartCount > 0;
        return await _log.TailAsync(failing.Pod, last.Name, previous, cancellationToken);
    }

    /// <summary>Of a build: the tail of the container that failed.</summary>
    /// <returns>The tail, or null when there is none to be had.</returns>
    public async Task<string?> TailAsync(BuildProgress build, CancellationToken cancellationToken) =>
        build is { Pod: { } pod, Container: { } container } ? await _log.TailAsync(pod, container, previous: false, cancellationToken) : null;
}
