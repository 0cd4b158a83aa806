using Slipway.Kubernetes.Resources;

namespace Slipway.Operator.Builds;

/// <summary>The three containers of a build's pod.</summary>
internal sealed record BuildSteps(BuildStep Source, BuildStep Build, BuildStep Push)
{
    /// <summary>The one that failed; null when none has.</summary>
    public BuildStep? Failed => All.FirstOrDefault(step => step.HasFailed);

    /// <summary>The first one that has not succeeded; null when all have.</summary>
    public BuildStep? Current => All.FirstOrDefault(step => !step.HasSucceeded);

    /// <summary>What a failure now is: of the step that failed, or of the one that was at work when all ended.</summary>
    public BuildStage StageOfFailure => (Failed ?? Current) switch
    {
        { Container: BuildPod.Push } => BuildStage.PushFailed,
        { Container: BuildPod.Source, HasBegun: true } => BuildStage.SourceFailed,
        _ => BuildStage.BuildFailed,
    };

    private BuildStep[] All => [Source, Build, Push];

    public static BuildSteps Of(V1Pod pod) => new(
        BuildStep.Of(BuildPod.Source, pod.Status?.InitContainerStatuses),
        BuildStep.Of(BuildPod.Build, pod.Status?.InitContainerStatuses),
        BuildStep.Of(BuildPod.Push, pod.Status?.ContainerStatuses));
}

/// <summary>How one container of a build is doing.</summary>
/// <param name="Container">Its name.</param>
/// <param name="State">Null while nothing is known of it.</param>
internal sealed record BuildStep(string Container, V1ContainerState? State)
{
    public bool HasBegun => State is { Running: not null } or { Terminated: not null };

    public bool HasSucceeded => State?.Terminated is { ExitCode: 0 };

    public bool HasFailed => State?.Terminated is { ExitCode: not 0 };

    /// <summary>What it wrote to its termination log; empty when nothing.</summary>
    public string Said => State?.Terminated?.Message?.Trim() ?? "";

    public static BuildStep Of(string container, IReadOnlyList<V1ContainerStatus>? statuses) =>
        new(container, statuses?.FirstOrDefault(status => status.Name == container)?.State);
}
