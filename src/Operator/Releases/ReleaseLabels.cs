using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Ledger;

namespace Slipway.Operator.Releases;

/// <summary>How the objects of a stack are recognised.</summary>
public static class ReleaseLabels
{
    /// <summary>What selects the pods of a stack, and never changes: a workload's selector is immutable.</summary>
    public static Dictionary<string, string> Selector(string stack) => new() { [WellKnown.Labels.Stack] = stack };

    public static Dictionary<string, string> Workload(string stack) => new()
    {
        [WellKnown.Labels.AppName] = stack,
        [WellKnown.Labels.ManagedBy] = WellKnown.FieldManager,
        [WellKnown.Labels.Stack] = stack,
    };

    /// <summary>Of a Deployment that the stack's own source makes. Not the label of its pods: the Service selects by that one.</summary>
    public static Dictionary<string, string> Made(string stack) => new()
    {
        [WellKnown.Labels.AppName] = stack,
        [WellKnown.Labels.ManagedBy] = WellKnown.FieldManager,
    };

    public static Dictionary<string, string> Pods(string stack, ReleaseVersion version)
    {
        var labels = Workload(stack);
        labels[WellKnown.Labels.Version] = version.ToString();
        return labels;
    }

    /// <summary>The stack that a workload, service or pod of ours belongs to; null for anything else.</summary>
    public static NamespacedName? StackOf(IResource resource) =>
        resource.Metadata.Label(WellKnown.Labels.ManagedBy) == WellKnown.FieldManager
        && resource.Metadata.Label(WellKnown.Labels.Stack) is { } stack
            ? new NamespacedName(resource.Metadata.Namespace ?? "", stack)
            : null;

    /// <summary>The Deployment (deployments.slipway.dev) whose build a Job or pod of ours is; null for anything else.</summary>
    public static NamespacedName? BuildOf(IResource resource) =>
        resource.Metadata.Label(WellKnown.Labels.BuildOf) is not null && resource.Metadata.Label(WellKnown.Labels.Release) is { } release
            ? new NamespacedName(resource.Metadata.Namespace ?? "", release)
            : null;
}
