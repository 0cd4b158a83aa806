using System.Text.RegularExpressions;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Resources;
using Slipway.Operator.Deployments;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Builds;

/// <summary>
/// What can be seen of a build, computed from one look at its Job and pods. It may step back when a pod was lost and the Job's
/// controller made another one; and what caches say of a Job without its pod is to be looked at again before it counts as a failure.
/// </summary>
/// <param name="Stage">Where it stands.</param>
/// <param name="Message">What happens now, or why it failed, with the pod's own cause.</param>
public sealed partial record BuildProgress(BuildStage Stage, string Message)
{
    /// <summary>The commit that the source is of; null when it is not known yet, or the source has none.</summary>
    public string? Commit { get; init; }

    /// <summary>Digest that the registry has the image under; known when pushed.</summary>
    public string? Digest { get; init; }

    /// <summary>The pod that was looked at; null when there is none.</summary>
    public NamespacedName? Pod { get; init; }

    /// <summary>Of a failure: the container whose log tells more; null when none has begun.</summary>
    public string? Container { get; init; }

    /// <summary>Reason of a failure, for the release; null when it is none.</summary>
    public string? FailureReason => Stage switch
    {
        BuildStage.SourceFailed => Reasons.SourceFailed,
        BuildStage.BuildFailed => Reasons.BuildFailed,
        BuildStage.PushFailed => Reasons.PushFailed,
        BuildStage.Absent or BuildStage.Waiting or BuildStage.Building or BuildStage.Pushing or BuildStage.Pushed => null,
    };

    public static BuildProgress Of(V1Job? job, IEnumerable<V1Pod> pods)
    {
        if (job is null)
        {
            return new BuildProgress(BuildStage.Absent, "the build's Job is about to be made");
        }

        // The Job's controller replaces a pod that was lost; the newest one is at work.
        var newest = pods
            .Where(pod => pod.Metadata.Controller()?.Uid == job.Metadata.Uid)
            .OrderByDescending(pod => pod.Metadata.CreationTimestamp)
            .ThenByDescending(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return newest is null ? WithoutPod(job) : OfPod(job, newest);
    }

    private static BuildProgress WithoutPod(V1Job job)
    {
        var name = $"Job {job.Metadata.Name}";
        if (Condition(job, "Complete") is not null)
        {
            return new BuildProgress(
                BuildStage.PushFailed, $"{name} is complete, but its pod is gone, and with it the digest of the image: release again");
        }

        return Condition(job, "Failed") is { } failed
            ? new BuildProgress(BuildStage.BuildFailed, $"{name} failed: {Words(failed)}; its pod is gone")
            : new BuildProgress(BuildStage.Waiting, $"{name} has no pod yet");
    }

    private static BuildProgress OfPod(V1Job job, V1Pod pod)
    {
        var steps = BuildSteps.Of(pod);
        var progress = steps.Push.HasSucceeded
            ? OfDigest(pod, steps.Push.Said)
            : Failure(job, pod, steps) ?? Going(pod, steps);
        var commit = steps.Source.HasSucceeded ? steps.Source.Said : null;
        return progress with
        {
            Message = Text.Storable(progress.Message),
            Pod = NamespacedName.Of(pod),
            Commit = commit is not null && CommitForm().IsMatch(commit) ? commit : null,
        };
    }

    private static BuildProgress OfDigest(V1Pod pod, string said) => DigestForm().IsMatch(said)
        ? new BuildProgress(BuildStage.Pushed, $"pushed {said}") { Digest = said }
        : new BuildProgress(
            BuildStage.PushFailed,
            $"pod {pod.Metadata.Name}, container {BuildPod.Push}: ended well, but wrote {(said.Length == 0 ? "nothing" : $"\"{said}\"")} "
            + "to its termination log instead of the image's digest")
        {
            Container = BuildPod.Push,
        };

    private static BuildProgress? Failure(V1Job job, V1Pod pod, BuildSteps steps)
    {
        var failed = Condition(job, "Failed");
        if (steps.Failed is null && pod.Status?.Phase != "Failed" && failed is null)
        {
            return null;
        }

        var cause = PodFailure.OfTask(pod) ?? $"pod {pod.Metadata.Name} failed";
        // One step that failed says everything; else the pod was ended from outside, and the Job may know why.
        var message = steps.Failed is not null || failed is null ? cause : $"{cause}; Job {job.Metadata.Name}: {Words(failed)}";
        var step = steps.Failed ?? steps.Current;
        return new BuildProgress(steps.StageOfFailure, message) { Container = step?.HasBegun == true ? step.Container : null };
    }

    private static BuildProgress Going(V1Pod pod, BuildSteps steps)
    {
        var (stage, doing) = steps switch
        {
            { Push.HasBegun: true } => (BuildStage.Pushing, "pushing the image"),
            { Build.HasBegun: true } => (BuildStage.Building, "building the image"),
            { Source.HasBegun: true } => (BuildStage.Building, "fetching the source"),
            _ => (BuildStage.Waiting, "waiting for the build to begin"),
        };
        return new BuildProgress(stage, PodFailure.OfTask(pod) ?? $"{doing} in pod {pod.Metadata.Name}");
    }

    private static V1WorkloadCondition? Condition(V1Job job, string type) =>
        job.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == "True");

    private static string Words(V1WorkloadCondition condition) =>
        string.IsNullOrEmpty(condition.Message) ? condition.Reason ?? "it does not say why" : $"{condition.Reason}: {condition.Message}";

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DigestForm();

    [GeneratedRegex(@"^([0-9a-f]{40}|[0-9a-f]{64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex CommitForm();
}
