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

    public static PodBehaviour CrashLoopBackOff(string message) => new(PodState.CrashLoopBackOff) { Message = message };

    public static PodBehaviour ImagePullBackOff(string message) => new(PodState.ImagePullBackOff) { Message = message };

    public static PodBehaviour ReadyAfter(Gate gate) => Ready with { After = gate };
}

public enum PodState
{
    Ready,
    NotReady,
    CrashLoopBackOff,
    ImagePullBackOff,
}
