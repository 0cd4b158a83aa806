using System.ComponentModel;
using System.Text.Json;
using Slipway.Crds.Meta.Schema;

namespace Slipway.Crds.V1Alpha1.Stacks;

/// <summary>How releases of the stack run.</summary>
public sealed record StackSpec
{
    [Description("Name for people. The slug is made of it, unless spec.slug is given; absent: of namespace and name.")]
    [Schema(MaxLength = 1024)]
    public string? DisplayName { get; init; }

    [Description("The slug that is asked for, instead of one made of the name. Immutable.")]
    [Schema(MaxLength = 1024)]
    [Cel("self == oldSelf", "spec.slug is immutable; make a new Stack")]
    public string? Slug { get; init; }

    [Description("Name of the Team that answers for the stack. While there is none, the stack is waiting, and takes no releases but rollbacks.")]
    [Schema(MaxLength = 253)]
    public string? Team { get; init; }

    [Description("While true, no further release is admitted; what runs goes on running.")]
    public bool? Suspend { get; init; }

    [Description("Pod template of the workload. The released image is put into the containers named by spec.containers; a release keeps the template it was admitted with.")]
    public required PodTemplate Template { get; init; }

    [Description("Names of the template's containers (init containers included) that receive the released image.")]
    [Schema(Default = """["app"]""", MinItems = 1, MaxItems = 32)]
    public IReadOnlyList<string>? Containers { get; init; }

    [Description("Number of pods. Absent: never sent, so that an autoscaler owns it.")]
    [Schema(Minimum = 0)]
    public int? Replicas { get; init; }

    [Description("How pods are replaced. Default: rolling, with no pod taken away before its successor is available.")]
    public RolloutStrategy? Strategy { get; init; }

    [Description("How long, in seconds, a new pod must be ready before it counts as available.")]
    [Schema(Minimum = 0, Maximum = 86400)]
    public int? MinReadySeconds { get; init; }

    [Description("Makes a Service of the stack's name.")]
    public ServicePort? Service { get; init; }

    [Description("Baseline variables, kept in Git; no place for secrets: whoever may read the Stack reads them. EnvPatches are laid over it. Each change of it is a revision of the environment. Here an empty value is an empty value.")]
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    [Description("How an image is made of a release's source (git, oci, archive), and where it goes.")]
    public StackBuild? Build { get; init; }

    [Description("How releases of the stack follow one another.")]
    public ReleasePolicy? Policy { get; init; }

    [Description("What the stack releases by itself, for repositories that hold a single object: each change of it makes one Deployment, owned by the stack and named after it and its generation. Once a release of it was active, a new template is released with the active image, so that an unchanged source never undoes a rollback.")]
    public StackSource? Source { get; init; }

    [Description("What becomes of the workload when the stack is deleted.")]
    [Schema(Default = "\"Delete\"")]
    public DeletionPolicy? DeletionPolicy { get; init; }
}

/// <summary>A pod template as the user wrote it. Its spec is passed through untouched but for the image.</summary>
public sealed record PodTemplate
{
    [Description("Labels and annotations of the pods.")]
    public PodTemplateMeta? Metadata { get; init; }

    [Description("A pod's spec, as in apps/v1; the released containers need no image.")]
    [Schema(Override = """
        {"type":"object","x-kubernetes-preserve-unknown-fields":true,"required":["containers"],"properties":{
          "containers":{"type":"array","minItems":1,"description":"Containers of the pod.","items":{"type":"object",
            "x-kubernetes-preserve-unknown-fields":true,"required":["name"],
            "properties":{"name":{"type":"string","maxLength":63,"description":"Name of the container."}}}}}}
        """)]
    public required JsonElement Spec { get; init; }
}

public sealed record PodTemplateMeta
{
    [Description("Labels of the pods.")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Annotations of the pods.")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

public sealed record RolloutStrategy
{
    [Description("RollingUpdate or Recreate.")]
    public RolloutType? Type { get; init; }

    [Description("How many pods, or which percentage, may be missing during a rolling update. Default 0.")]
    [Schema(IntOrString = true)]
    public JsonElement? MaxUnavailable { get; init; }

    [Description("How many pods, or which percentage, may be added during a rolling update. Default 25%.")]
    [Schema(IntOrString = true)]
    public JsonElement? MaxSurge { get; init; }
}

public enum RolloutType
{
    RollingUpdate,
    Recreate,
}

public sealed record ServicePort
{
    [Description("Port of the Service.")]
    [Schema(Minimum = 1, Maximum = 65535)]
    public required int Port { get; init; }

    [Description("Port of the pods, by number or name. Default: the same as port.")]
    [Schema(IntOrString = true)]
    public JsonElement? TargetPort { get; init; }
}

public enum DeletionPolicy
{
    Delete,
    Orphan,
}
