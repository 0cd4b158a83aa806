using System.Text.Json.Serialization;

namespace Slipway.Kubernetes.Resources;

/// <summary>How one container of a pod is doing.</summary>
public sealed record V1ContainerStatus
{
    public required string Name { get; init; }

    /// <summary>The image as the runtime names it, which need not be how the spec names it.</summary>
    public string? Image { get; init; }

    /// <summary>The image that really runs, with its digest.</summary>
    [JsonPropertyName("imageID")]
    public string? ImageId { get; init; }

    public bool Ready { get; init; }

    public int RestartCount { get; init; }

    public V1ContainerState? State { get; init; }

    public V1ContainerState? LastState { get; init; }
}

/// <summary>Exactly one of the three is set.</summary>
public sealed record V1ContainerState
{
    public V1ContainerWaiting? Waiting { get; init; }

    public V1ContainerRunning? Running { get; init; }

    public V1ContainerTerminated? Terminated { get; init; }
}

public sealed record V1ContainerWaiting
{
    /// <summary>For example <c>ImagePullBackOff</c> or <c>CrashLoopBackOff</c>.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }
}

public sealed record V1ContainerRunning
{
    public DateTimeOffset? StartedAt { get; init; }
}

public sealed record V1ContainerTerminated
{
    public int ExitCode { get; init; }

    public string? Reason { get; init; }

    /// <summary>What the container wrote to its termination log.</summary>
    public string? Message { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}
