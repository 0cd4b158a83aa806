namespace Slipway.Testing.Nodes;

/// <summary>How one container of a pod runs to its end.</summary>
/// <param name="Container">Its name.</param>
/// <param name="ExitCode">With what it ends.</param>
/// <param name="Message">What it wrote to its termination log.</param>
/// <param name="Reason">The runtime's word for how it ended; absent: <c>Completed</c> or <c>Error</c>.</param>
public sealed record PodStep(string Container, int ExitCode = 0, string Message = "", string? Reason = null)
{
    /// <summary>Until it is opened, the container runs; absent: it ends at once.</summary>
    public Gate? Gate { get; init; }
}
