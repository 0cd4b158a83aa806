using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Builds;

namespace Slipway.Operator.Tests.Builds;

/// <summary>Builds as the tests need them: valid, unless a test says otherwise.</summary>
internal static class BuildSamples
{
    public const string JobUid = "cccccccc-0000-0000-0000-000000000001";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    public static readonly BuildOptions Options = new() { Image = "registry.example/builder:1" };

    public static readonly ReleaseSource Git = new() { Git = new GitSource { Url = "https://git.example/shop.git", Revision = "main" } };

    public static BuildRequest Request(ReleaseSource? source = null, StackBuild? build = null) => new()
    {
        Namespace = "prod",
        Deployment = "shop-1",
        Uid = "bbbbbbbb-0000-0000-0000-000000000001",
        Stack = "shop",
        Version = ReleaseVersion.Parse("20261122.4"),
        Source = source ?? Git,
        Build = build,
        Destination = "registry.example/prod/shop:20261122.4",
    };

    public static V1Job Job(string? condition = null, string reason = "", string message = "") => new()
    {
        Metadata = new ObjectMeta { Name = "shop-1-abc", Namespace = "prod", Uid = JobUid },
        Status = new V1JobStatus
        {
            Conditions = condition is null ? null : [new V1WorkloadCondition { Type = condition, Status = "True", Reason = reason, Message = message }],
        },
    };

    public static V1Pod Pod(
        V1ContainerState? source = null, V1ContainerState? build = null, V1ContainerState? push = null, string phase = "Pending", string name = "shop-1-abc-x", int age = 0) => new()
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Namespace = "prod",
                CreationTimestamp = Samples.Now.AddMinutes(-age),
                OwnerReferences = [new OwnerReference { ApiVersion = "batch/v1", Kind = "Job", Name = "shop-1-abc", Uid = JobUid, Controller = true }],
            },
            Status = new V1PodStatus
            {
                Phase = phase,
                InitContainerStatuses = [Status("source", source), Status("build", build)],
                ContainerStatuses = [Status("push", push)],
            },
        };

    public static V1ContainerState Running => new() { Running = new V1ContainerRunning { StartedAt = Samples.Now } };

    public static V1ContainerState Waiting(string reason, string message = "") =>
        new() { Waiting = new V1ContainerWaiting { Reason = reason, Message = message } };

    public static V1ContainerState Ended(int exitCode = 0, string? message = null, string? reason = null) =>
        new() { Terminated = new V1ContainerTerminated { ExitCode = exitCode, Message = message, Reason = reason ?? (exitCode == 0 ? "Completed" : "Error") } };

    private static V1ContainerStatus Status(string name, V1ContainerState? state) =>
        new() { Name = name, State = state ?? Waiting("PodInitializing") };
}
