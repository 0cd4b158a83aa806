namespace Slipway.Testing.Nodes;

/// <summary>What becomes of a pod on the fake node.</summary>
public sealed record PodBehaviour
{
    private PodBehaviour(PodState state) => State = state;

    /// <summary>Runs and is ready at once, with the digest that its image names.</summary>
    public static PodBehaviour Ready { get; } = new(PodState.Ready);

    /// <summary>Runs, and its readiness probe never succeeds.</summary>
    public static PodBehaviour NeverReady { get; } = new(PodState.NotReady) { Message = "containers with unready status: [app]" };

    public PodState State { get; private init; }

    /// <summary>What the container runtime says it runs; absent: made of the image, when that has a digest.</summary>
    public string? ImageId { get; init; }

    /// <summary>The cause that the pod itself gives.</summary>
    public string Message { get; private init; } = "";

    /// <summary>Until it is opened the pod runs, but is not ready.</summary>
    public Gate? After { get; init; }

    /// <summary>How its containers run to their end, one after the other; empty for a pod that goes on running.</summary>
    public IReadOnlyList<PodStep> Steps { get; private init; } = [];

    public static PodBehaviour CrashLoopBackOff(string message) => new(PodState.CrashLoopBackOff) { Message = message };

    public static PodBehaviour ImagePullBackOff(string message) => new(PodState.ImagePullBackOff) { Message = message };

    /// <summary>
    /// Runs to its end: every step when the one before has ended well, in the order of the pod's init containers and containers.
    /// A container without a step runs and ends well at once; the pod has failed with the first step that fails.
    /// </summary>
    public static PodBehaviour RunsToEnd(params IReadOnlyList<PodStep> steps) => new(PodState.RunsToEnd) { Steps = steps };

    public static PodBehaviour ReadyAfter(Gate gate) => Ready with { After = gate };
}

public enum PodState
{
    Ready,
    NotReady,
    CrashLoopBackOff,
    ImagePullBackOff,
    RunsToEnd,
}
