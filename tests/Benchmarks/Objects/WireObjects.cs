using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Testing;

namespace Slipway.Benchmarks.Objects;

/// <summary>
/// Objects as an API server sends them, managed fields included. Each number gives another object of the same shape; names, UIDs,
/// versions and times differ as in life, and what many objects have in common in life (types, reasons, messages) they have here.
/// </summary>
internal static class WireObjects
{
    public const string Namespace = "shop";

    private static readonly DateTimeOffset Epoch = new(2026, 11, 22, 6, 41, 0, TimeSpan.Zero);
    private static readonly string PodText = File.ReadAllText(Repository.PathOf("tests/Benchmarks/Objects/pod.json"));

    /// <summary>A running pod.</summary>
    public static JsonObject Pod(int number)
    {
        var pod = JsonNode.Parse(PodText)!.AsObject();
        var metadata = pod["metadata"]!.AsObject();
        metadata["name"] = $"web-6c9f7d5b8-{number:x5}";
        metadata["uid"] = Uid(number);
        metadata["resourceVersion"] = $"{100_000 + number}";
        ManagedFields.AddTo(pod, "kube-controller-manager", "kubelet");
        return pod;
    }

    /// <summary>A release that became active: four conditions, five transitions.</summary>
    public static JsonObject Release(int number)
    {
        var text = JsonSerializer.SerializeToNode(NewRelease(number) with { Status = Status(number) }, CrdsJson.Default.Deployment)!.AsObject();
        ManagedFields.AddTo(text, "kubectl-create", "slipway-status");
        return text;
    }

    /// <summary>A release as somebody applies it, without a status.</summary>
    public static Deployment NewRelease(int number) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = Name(number),
            Namespace = Namespace,
            Uid = Uid(number),
            ResourceVersion = $"{100_000 + number}",
            Generation = 1,
            CreationTimestamp = At(number, 0),
            Labels = new Dictionary<string, string> { ["app.kubernetes.io/part-of"] = "shop", [WellKnown.Labels.Stack] = $"web-{number % 100}" },
            Finalizers = [WellKnown.Finalizer],
        },
        Spec = new DeploymentSpec
        {
            Stack = $"web-{number % 100}",
            Source = new ReleaseSource { Image = $"registry.example/shop/web:1.{number}" },
            RequestedBy = "ci@example",
        },
    };

    public static string Name(int number) => $"web-{number}";

    /// <summary>The object as a line of a watch, with its end.</summary>
    public static byte[] Line(JsonObject resource) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = "MODIFIED", ["object"] = resource }), (byte)'\n'];

    private static DeploymentStatus Status(int number) => new()
    {
        ObservedGeneration = 1,
        Phase = DeploymentPhase.Active,
        Version = $"20261122.{number + 1}",
        ImageReference = $"registry.example/shop/web:1.{number}@sha256:{number:x8}c18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b9",
        Message = "2 of 2 replicas run the release",
        StartedAt = At(number, 1),
        FinishedAt = At(number, 9),
        Transitions =
        [
            Move(null, DeploymentPhase.Pending, At(number, 1), null),
            Move(DeploymentPhase.Pending, DeploymentPhase.Building, At(number, 2), "Admitted"),
            Move(DeploymentPhase.Building, DeploymentPhase.Pushing, At(number, 4), "Built"),
            Move(DeploymentPhase.Pushing, DeploymentPhase.Activating, At(number, 5), "Pushed"),
            Move(DeploymentPhase.Activating, DeploymentPhase.Active, At(number, 9), "WorkloadReady"),
        ],
        Allocation = new VersionAllocation { Attempts = 1, Collisions = 0 },
        SpecHash = $"{number:x8}ad5d54608a5b2a5f5d8d3f2bdd35cf3a5a1cb2f2a4cdd1f8f1c62dd9",
        StackUid = Uid(number % 100),
        Conditions =
        [
            Observe(WellKnown.Conditions.Ready, ConditionStatus.True, At(number, 9), "The release is active"),
            Observe(WellKnown.Conditions.Reconciling, ConditionStatus.False, At(number, 9), "Nothing is left to do"),
            Observe(DeploymentConditions.VersionAllocated, ConditionStatus.True, At(number, 1), $"The release is 20261122.{number + 1}"),
            Observe(DeploymentConditions.WorkloadReady, ConditionStatus.True, At(number, 9), "2 of 2 replicas run the release"),
        ],
    };

    private static PhaseTransition Move(DeploymentPhase? from, DeploymentPhase to, DateTimeOffset at, string? reason) =>
        new() { From = from, To = to, At = at, Reason = reason, Message = $"The release is {to}" };

    private static Condition Observe(string type, ConditionStatus status, DateTimeOffset since, string message) => new()
    {
        Type = type,
        Status = status,
        ObservedGeneration = 1,
        LastTransitionTime = since,
        Reason = "Released",
        Message = message,
    };

    private static DateTimeOffset At(int number, int second) => Epoch.AddSeconds((number * 10) + second);

    private static string Uid(int number) => new Guid(number + 1, 0x4b39, 0x4c1d, 0x9a, 0x9c, 0x0a, 0x7c, 0xf2, 0xb1, 0xd6, 0xe4).ToString();
}
