using Slipway.Crds.V1Alpha1.Stacks;

namespace Slipway.Operator.Releases;

/// <summary>Times that a Stack's policy gives, with the defaults of the design for servers that do not fill them in.</summary>
public static class Deadlines
{
    private const int DefaultProgressSeconds = 600;

    public static TimeSpan Progress(StackSpec stack) => TimeSpan.FromSeconds(stack.Policy?.ProgressDeadlineSeconds ?? DefaultProgressSeconds);
}
