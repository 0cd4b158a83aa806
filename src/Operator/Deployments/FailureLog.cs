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

    /// <summary>A server counts its limit from the first of the lines: it must not cut off the last one, which tells the most.</summary>
    private const int MostBytes = 256 * 1024;

    /// <returns>The tail of whichever container of the release's pods fails, or null when there is none to be had.</returns>
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
        return await ReadAsync(failing.Pod, last.Name, previous, cancellationToken);
    }

    /// <summary>The tail of one container of a pod, at most 4 KiB; null when there is none to be had.</summary>
    public Task<string?> TailAsync(NamespacedName pod, string container, CancellationToken cancellationToken) =>
        ReadAsync(pod, container, previous: false, cancellationToken);

    private async Task<string?> ReadAsync(NamespacedName pod, string container, bool previous, CancellationToken cancellationToken)
    {
        try
        {
            var options = new LogOptions { Container = container, TailLines = Lines, LimitBytes = MostBytes, Previous = previous };
            var tail = await client.LogsAsync(pod, options, cancellationToken);
            return string.IsNullOrWhiteSpace(tail) ? null : Text.CutFront(Text.Storable(tail));
        }
        catch (Exception error) when (error is ApiException or HttpRequestException or IOException)
        {
            return null;
        }
    }
}
