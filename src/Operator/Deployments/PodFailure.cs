using Slipway.Kubernetes.Resources;

namespace Slipway.Operator.Deployments;

/// <summary>The cluster's own words for why pods do not become available.</summary>
public static class PodFailure
{
    /// <summary>The first cause found, from the most to the least telling; null when nothing is known to be wrong.</summary>
    public static string? Of(V1Deployment workload, IReadOnlyList<V1Pod> pods) =>
        pods.Select(OfContainers).FirstOrDefault(cause => cause is not null)
        ?? workload.Status?.Conditions?
            .Where(condition => condition is { Type: "ReplicaFailure", Status: "True" })
            .Select(condition => $"{condition.Reason}: {condition.Message}")
            .FirstOrDefault()
        ?? pods.Select(OfScheduling).FirstOrDefault(cause => cause is not null)
        ?? pods.Select(OfReadiness).FirstOrDefault(cause => cause is not null);

    /// <summary>The same for one pod that runs to an end, readiness aside.</summary>
    public static string? OfTask(V1Pod pod) => OfContainers(pod) ?? OfEviction(pod) ?? OfScheduling(pod);

    public static bool IsReady(V1Pod pod) =>
        pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    private static string? OfContainers(V1Pod pod)
    {
        var statuses = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []);
        foreach (var container in statuses)
        {
            var where = $"pod {pod.Metadata.Name}, container {container.Name}";
            if (container.State?.Waiting is { Reason: { } reason } waiting && reason is not ("ContainerCreating" or "PodInitializing"))
            {
                var last = container.LastState?.Terminated;
                var exit = last is null ? "" : $" (last exit code {last.ExitCode}{(last.Reason is null ? "" : ", " + last.Reason)})";
                return $"{where}: {reason}{exit}{(string.IsNullOrEmpty(waiting.Message) ? "" : ": " + waiting.Message)}";
            }

            if (container.State?.Terminated is { ExitCode: not 0 } ended)
            {
                return $"{where}: {ended.Reason ?? "terminated"} with exit code {ended.ExitCode}{(string.IsNullOrEmpty(ended.Message) ? "" : ": " + ended.Message)}";
            }
        }

        return null;
    }

    /// <summary>What a kubelet says of a pod that it ended as a whole; its containers then may say nothing.</summary>
    private static string? OfEviction(V1Pod pod) => pod.Status is { Phase: "Failed", Reason: { Length: > 0 } reason } status
        ? $"pod {pod.Metadata.Name}: {reason}{(string.IsNullOrEmpty(status.Message) ? "" : ": " + status.Message)}"
        : null;

    private static string? OfScheduling(V1Pod pod) =>
        pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False" }) is { } scheduled
            ? $"pod {pod.Metadata.Name}: {scheduled.Reason}: {scheduled.Message}"
            : null;

    private static string? OfReadiness(V1Pod pod) =>
        pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "Ready", Status: "False" }) is { } ready
            ? $"pod {pod.Metadata.Name} is not ready: {ready.Message ?? ready.Reason ?? "its readiness probe has not succeeded"}"
            : null;
}
