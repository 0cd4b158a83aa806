using Slipway.Crds.V1Alpha1.Stacks;

namespace Slipway.Operator.Releases;

/// <summary>Times that a Stack's policy gives, with the defaults of its schema for objects stored before it had them.</summary>
public static class Deadlines
{
    private const int DefaultBuildSeconds = 1800;
    private const int DefaultPushSeconds = 600;
    private const int DefaultProgressSeconds = 600;

    /// <summary>How long an operator that comes back looks around before it counts a deadline that has passed meanwhile.</summary>
    public static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(15);

    public static TimeSpan Build(StackSpec stack) => TimeSpan.FromSeconds(stack.Policy?.BuildTimeoutSeconds ?? DefaultBuildSeconds);

    public static TimeSpan Push(StackSpec stack) => TimeSpan.FromSeconds(stack.Policy?.PushTimeoutSeconds ?? DefaultPushSeconds);

    public static TimeSpan Progress(StackSpec stack) => TimeSpan.FromSeconds(stack.Policy?.ProgressDeadlineSeconds ?? DefaultProgressSeconds);

    /// <summary>How long a release may wait for its turn; null for as long as it takes.</summary>
    public static TimeSpan? Queue(StackSpec stack) =>
        stack.Policy?.QueueTimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
