using System.Text.Json;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Deployments;
using Slipway.Operator.Releases;

namespace Slipway.Operator.Tests;

/// <summary>A stack, its Deployments, releases and pods as the tests of decisions need them: valid, unless a test says otherwise.</summary>
internal static class Samples
{
    public const string Digest = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    public const string PlatformDigest = "sha256:2222222222222222222222222222222222222222222222222222222222222222";
    public const string OtherDigest = "sha256:3333333333333333333333333333333333333333333333333333333333333333";

    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly Guid StackUid = new("aaaaaaaa-0000-0000-0000-000000000001");

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    public static Stack Stack(Concurrency? concurrency = null, string podSpec = """{"containers":[{"name":"app"}]}""") => new()
    {
        Metadata = new ObjectMeta { Name = "shop", Namespace = "prod", Uid = StackUid.ToString(), Generation = 3, ResourceVersion = "7" },
        Spec = new StackSpec
        {
            Template = new PodTemplate { Spec = Json(podSpec) },
            Policy = new ReleasePolicy { Concurrency = concurrency },
        },
    };

    public static Deployment Deployment(string name = "shop-1", string image = "registry.example/shop:1", DateTimeOffset? created = null) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            Namespace = "prod",
            Uid = Guid.NewGuid().ToString(),
            Generation = 1,
            ResourceVersion = "9",
            CreationTimestamp = created ?? Now.AddMinutes(-1),
            Finalizers = [WellKnown.Finalizer],
        },
        Spec = new DeploymentSpec { Stack = "shop", Source = new ReleaseSource { Image = image } },
    };

    public static ReleaseRow Release(ReleasePhase phase, params ReleasePhase[] before) => new()
    {
        Id = 1,
        Uid = Guid.NewGuid(),
        Namespace = "prod",
        Name = "shop-1",
        StackId = 1,
        StackUid = StackUid,
        StackName = "shop",
        SpecHash = DeploymentSpecHash.Of(Deployment().Spec),
        RerunToken = "",
        Phase = phase,
        Version = new ReleaseVersion(new DateOnly(2026, 11, 22), 4),
        Image = "registry.example/shop:1",
        ImageReference = $"registry.example/shop:1@{Digest}",
        Digest = Digest,
        Digests = [Digest, PlatformDigest],
        Pinned = true,
        Exclusive = true,
        Template = ReleaseTemplate.Of(Stack().Spec).ToJson(),
        RequestedBy = null,
        Reason = phase == ReleasePhase.Failed ? Reasons.ProgressDeadlineExceeded : "",
        Message = phase == ReleasePhase.Failed ? "0 of 1 replicas are updated" : "",
        LogTail = null,
        Attempts = 1,
        Collisions = 0,
        CreatedAt = Now.AddMinutes(-1),
        StartedAt = Now.AddMinutes(-1),
        FinishedAt = phase.IsInFlight() ? null : Now,
        DeadlineAt = phase.IsInFlight() ? Now.AddMinutes(5) : null,
        SlotRequestedAt = null,
        Sequence = 12,
        SupersededBy = null,
        Transitions = Transitions([.. before, phase]),
    };

    public static V1Deployment Workload(int replicas = 1, long sequence = 12, bool complete = true) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = "shop",
            Namespace = "prod",
            Generation = 5,
            ResourceVersion = "11",
            Annotations = new Dictionary<string, string>
            {
                [WellKnown.Annotations.Sequence] = sequence.ToString(System.Globalization.CultureInfo.InvariantCulture),
                [WellKnown.Annotations.StackGeneration] = "3",
            },
            OwnerReferences = [Operator.Stacks.WorkloadManifest.OwnerOf(Stack())],
        },
        Spec = new V1DeploymentSpec { Replicas = replicas },
        Status = new V1DeploymentStatus
        {
            ObservedGeneration = 5,
            Replicas = replicas,
            UpdatedReplicas = complete ? replicas : 0,
            AvailableReplicas = complete ? replicas : 0,
        },
    };

    public static V1Pod Pod(string digest = Digest, bool ready = true, string version = "20261122.4", V1ContainerState? state = null) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = "shop-abc",
            Namespace = "prod",
            Labels = new Dictionary<string, string> { [WellKnown.Labels.Version] = version },
        },
        Status = new V1PodStatus
        {
            Conditions = [new V1WorkloadCondition { Type = "Ready", Status = ready ? "True" : "False" }],
            ContainerStatuses =
            [
                new V1ContainerStatus { Name = "app", ImageId = $"registry.example/shop@{digest}", Ready = ready, State = state },
                new V1ContainerStatus { Name = "sidecar", ImageId = $"registry.example/sidecar@{OtherDigest}", Ready = true },
            ],
        },
    };

    public static Observed Observed(Deployment? deployment = null, ReleaseRow? release = null, Stack? stack = null, Rollout? rollout = null)
    {
        var one = deployment ?? Deployment();
        return new Observed
        {
            Deployment = one,
            SpecHash = DeploymentSpecHash.Of(one.Spec),
            Stack = stack ?? Stack(),
            Release = release,
            Rollout = rollout ?? (release?.Phase == ReleasePhase.Activating ? Rollout.Of(release, Workload(complete: false), []) : null),
        };
    }

    private static IReadOnlyList<TransitionRow> Transitions(ReleasePhase[] phases) =>
        [.. phases.Select((phase, index) => new TransitionRow(
            index + 1, index == 0 ? null : phases[index - 1], phase, Now.AddSeconds(index), phase == ReleasePhase.Active ? "WorkloadReady" : "", ""))];
}
