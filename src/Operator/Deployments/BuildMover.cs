using Slipway.Crds;
using Slipway.Kubernetes.Faults;
using Slipway.Ledger;
using Slipway.Operator.Builds;
using Slipway.Operator.Registry;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Deployments;

/// <summary>Does what a plan says about builds. Each is one write to the API server, then at most one move in the ledger.</summary>
public sealed class BuildMover(ReleaseLedger ledger, BuildJobs jobs, ImageResolver resolver, FailureLog failureLog, BuildEvents events)
{
    private static readonly TimeSpan RetryForbidden = TimeSpan.FromSeconds(5);

    /// <summary>Gives the build to the cluster, and starts the clock of a release that waits for it to begin.</summary>
    /// <returns>What to wait for; null when the Job is there.</returns>
    public async Task<(ReleaseRow Release, Plan? Refusal)> StartAsync(Observed observed, CancellationToken cancellationToken)
    {
        var release = observed.Release!;
        var refusal = await TryEnsureAsync(observed, cancellationToken);
        return refusal is { Step: Step.Fail } || release.Phase != ReleasePhase.Pending
            ? (release, refusal)
            : ((await ledger.AwaitBuildAsync(release.Uid, Deadlines.Build(observed.Stack!.Spec), cancellationToken)).Row, refusal);
    }

    public async Task<ReleaseRow> BeginBuildAsync(Observed observed, CancellationToken cancellationToken) =>
        (await ledger.BeginBuildAsync(observed.Release!.Uid, Deadlines.Build(observed.Stack!.Spec), cancellationToken)).Row;

    public async Task<ReleaseRow> BeginPushAsync(Observed observed, CancellationToken cancellationToken) =>
        (await ledger.BeginPushAsync(observed.Release!.Uid, observed.Build!.Commit, Deadlines.Push(observed.Stack!.Spec), cancellationToken)).Row;

    /// <summary>The pushed image, pinned; with all its digests if the registry tells them.</summary>
    public Task<ResolvedImage> DeliverAsync(Observed observed, CancellationToken cancellationToken)
    {
        var release = observed.Release!;
        var destination = ImageReference.Parse(release.ImageReference!)
            ?? throw new InvalidOperationException($"{release.ImageReference}, the destination of {release.Name}, is no image name");
        return resolver.ResolveAsync(release, destination.Pin(observed.Build!.Digest!), cancellationToken);
    }

    public async Task RemoveAsync(Observed observed, CancellationToken cancellationToken)
    {
        if (observed.Job is { } job)
        {
            await jobs.RemoveAsync(job, cancellationToken);
        }
    }

    /// <summary>Why it failed, in the cluster's words, and the last words of the container that failed.</summary>
    public async Task<(string Message, string? LogTail)> ExplainAsync(Observed observed, Plan plan, CancellationToken cancellationToken)
    {
        var build = observed.Build!;
        var tail = await failureLog.TailAsync(build, cancellationToken);
        var cause = tail is null && build.Stage == BuildStage.Waiting && observed.Job is { } job
            ? await events.CauseAsync(job, build.Pod, cancellationToken)
            : null;
        return (cause is null ? plan.Message : $"{plan.Message}; {cause}", tail);
    }

    /// <summary>What is invalid stays so, and the release fails. "Forbidden" may pass: a quota, a webhook, a namespace on its way out.</summary>
    private async Task<Plan?> TryEnsureAsync(Observed observed, CancellationToken cancellationToken)
    {
        try
        {
            await jobs.EnsureAsync(observed.Release!, observed.Deployment, cancellationToken);
            return null;
        }
        catch (ApiException error) when (error.IsForbidden)
        {
            return new Plan(Step.Wait, Reasons.WaitingForBuild, $"the API server refuses the build's Job: {error.Message}", RetryForbidden);
        }
        catch (ApiException error) when (error.IsInvalid || error.Code == 400)
        {
            return new Plan(Step.Fail, Reasons.BuildFailed, $"the API server refuses the build's Job: {error.Message}");
        }
    }
}
