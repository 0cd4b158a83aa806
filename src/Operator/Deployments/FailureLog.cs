using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Releases;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Deployments;

/// <summary>The last words of a failing container, for the release's record. A help to people, never a condition for failing.</summary>
public sealed class FailureLog(KubeClient client, IStore<V1Pod> pods)
{
    private const int Lines = 20;
    private const int Bytes = 4096;

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
        return failing.Container is null ? null : await ReadAsync(failing.Pod, failing.Container, cancellationToken);
    }

    private async Task<string?> ReadAsync(NamespacedName pod, V1ContainerStatus container, CancellationToken cancellationToken)
    {
        try
        {
            // A container that waits to be started again has said what it had to say in its last run.
            var previous = container.State?.Waiting is not null && container.RestartCount > 0;
            var options = new LogOptions { Container = container.Name, TailLines = Lines, LimitBytes = Bytes, Previous = previous };
            var tail = await client.LogsAsync(pod, options, cancellationToken);
            return string.IsNullOrWhiteSpace(tail) ? null : tail;
        }
        catch (Exception error) when (error is ApiException or HttpRequestException or IOException)
        {
            return null;
        }
    }
}
