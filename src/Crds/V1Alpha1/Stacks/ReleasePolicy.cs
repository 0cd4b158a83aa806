using System.ComponentModel;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.Stacks;

/// <summary>How releases of a stack follow one another, and how long each phase may take.</summary>
public sealed record ReleasePolicy
{
    [Description("What becomes of a release while another one is in flight. Queue: it waits for its turn, in the order of creation. Reject: it fails at once. Supersede: the one created later ends the other. Parallel: all are admitted at once and build side by side, and the newest version wins.")]
    [Schema(Default = "\"Queue\"")]
    public Concurrency? Concurrency { get; init; }

    [Description("How long, in seconds, a release may wait for its turn; then it fails. Absent: as long as it takes.")]
    [Schema(Minimum = 1, Maximum = 604800)]
    public int? QueueTimeoutSeconds { get; init; }

    [Description("How long, in seconds, a build may take to begin, and to end once it has begun.")]
    [Schema(Default = "1800", Minimum = 1, Maximum = 86400)]
    public int? BuildTimeoutSeconds { get; init; }

    [Description("How long, in seconds, the push of a built image may take.")]
    [Schema(Default = "600", Minimum = 1, Maximum = 86400)]
    public int? PushTimeoutSeconds { get; init; }

    [Description("How long, in seconds, an image may take to be resolved, and a rollout to become available.")]
    [Schema(Default = "600", Minimum = 1, Maximum = 86400)]
    public int? ProgressDeadlineSeconds { get; init; }

    [Description("How many releases status.releases lists, and how many ended Deployments made by spec.source are kept. Deployments that others applied are never removed.")]
    [Schema(Default = "10", Minimum = 1, Maximum = 100)]
    public int? HistoryLimit { get; init; }
}

public enum Concurrency
{
    Queue,
    Reject,
    Supersede,
    Parallel,
}
