using Slipway.Crds;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Registry;

namespace Slipway.Operator.Deployments;

public enum RolloutKind
{
    /// <summary>The workload has not been written for this release yet.</summary>
    NotApplied,

    /// <summary>It has been, and not everything runs yet.</summary>
    Progressing,

    /// <summary>Every replica runs the release's digest and is available.</summary>
    Ready,
}

/// <summary>What can be seen of a release that is being activated. Computed from one look at the workload and its pods.</summary>
/// <param name="Kind">Where it stands.</param>
/// <param name="Reason">A PascalCase word.</param>
/// <param name="Message">What is missing, with the pods' own cause; or what runs.</param>
/// <param name="Digest">Digest that the pods run; null when there are none, or none with a digest.</param>
public sealed record Rollout(RolloutKind Kind, string Reason, string Message, string? Digest = null)
{
    public static Rollout Of(ReleaseRow release, V1Deployment? workload, IEnumerable<V1Pod> podsOfTheStack)
    {
        if (workload is null || workload.Metadata.Annotation(WellKnown.Annotations.Sequence) != release.Sequence?.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            return new Rollout(RolloutKind.NotApplied, Reasons.Progressing, "the workload is about to be written");
        }

        var pods = podsOfTheStack.Where(pod => IsOf(release, pod)).ToList();
        if (Unfinished(workload) is { } unfinished)
        {
            var cause = PodFailure.Of(workload, pods);
            return Progressing(cause is null ? unfinished : $"{unfinished}; {cause}");
        }

        return workload.Spec?.Replicas == 0
            ? new Rollout(RolloutKind.Ready, Reasons.ScaledToZero, "the workload is scaled to zero", release.Digest)
            : OfPods(release, workload.Spec?.Replicas ?? 1, pods);
    }

    /// <summary>What the workload's controller has still to do, in its own terms; null when it has done everything.</summary>
    private static string? Unfinished(V1Deployment workload)
    {
        var wanted = workload.Spec?.Replicas ?? 1;
        var status = workload.Status;
        if (status?.ObservedGeneration is not { } observed || observed < workload.Metadata.Generation)
        {
            return "the workload's controller has not seen its newest spec yet";
        }

        var (updated, available, all) = (status.UpdatedReplicas ?? 0, status.AvailableReplicas ?? 0, status.Replicas ?? 0);
        if (updated < wanted || available < wanted)
        {
            return $"{updated} of {wanted} replicas are updated, {available} available";
        }

        return all > updated ? $"{all - updated} old replicas are still being taken away" : null;
    }

    /// <summary>The workload says it is done; now the pods must agree that it is this release that they run.</summary>
    private static Rollout OfPods(ReleaseRow release, int wanted, IReadOnlyList<V1Pod> pods)
    {
        var containers = ReleasedContainers(release);
        var ready = pods.Where(PodFailure.IsReady).ToList();
        if (ready.Count < wanted)
        {
            return Progressing($"{ready.Count} of {wanted} pods of version {release.Version} are seen ready");
        }

        var running = ready
            .SelectMany(pod => (pod.Status?.ContainerStatuses ?? []).Where(container => containers.Contains(container.Name)))
            .Select(container => ImageReference.DigestOf(container.ImageId))
            .ToList();
        var foreign = running.FirstOrDefault(digest => release.Pinned && (digest is null || !release.Digests.Contains(digest)));
        if (release.Pinned && (foreign is not null || running.Contains(null)))
        {
            return Progressing($"a pod runs {foreign ?? "an image without a digest"}, which is not the release's {release.Digest}");
        }

        var digests = running.OfType<string>().Distinct().ToList();
        return digests.Count > 1
            ? Progressing($"the pods run different images: {string.Join(", ", digests)}")
            : new Rollout(
                RolloutKind.Ready,
                Reasons.WorkloadReady,
                $"{wanted} of {wanted} replicas run the release",
                release.Digest ?? digests.FirstOrDefault());
    }

    private static HashSet<string> ReleasedContainers(ReleaseRow release) =>
        release.Template is null ? [] : [.. Releases.ReleaseTemplate.Parse(release.Template).Containers];

    private static bool IsOf(ReleaseRow release, V1Pod pod) =>
        pod.Metadata.DeletionTimestamp is null && pod.Metadata.Label(WellKnown.Labels.Version) == release.Version?.ToString();

    private static Rollout Progressing(string message) => new(RolloutKind.Progressing, Reasons.Progressing, message);
}
