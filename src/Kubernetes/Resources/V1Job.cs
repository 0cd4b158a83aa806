using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Resources;

/// <summary>The built-in <c>batch/v1</c> Job: pods that run to an end.</summary>
public sealed record V1Job : IResource<V1Job>
{
    public static ResourceType Type { get; } = new("batch", "v1", "Job", "jobs");

    public static JsonTypeInfo<V1Job> Json => KubernetesJson.Default.V1Job;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public V1JobSpec? Spec { get; init; }

    public V1JobStatus? Status { get; init; }
}

public sealed record V1JobSpec
{
    /// <summary>How many failed pods are replaced by another one. Absent: the server's default, 6.</summary>
    public int? BackoffLimit { get; init; }

    /// <summary>How long the Job may be active, in seconds; then its pods are deleted and it has failed.</summary>
    public long? ActiveDeadlineSeconds { get; init; }

    /// <summary>The pod template as it is: fields pass through whether or not this version knows them.</summary>
    public JsonElement? Template { get; init; }
}

public sealed record V1JobStatus
{
    /// <summary>Pods that are pending or running.</summary>
    public int? Active { get; init; }

    public int? Succeeded { get; init; }

    public int? Failed { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it succeeded; absent when it failed.</summary>
    public DateTimeOffset? CompletionTime { get; init; }

    /// <summary><c>Complete</c> or <c>Failed</c>; none while it is not over.</summary>
    public IReadOnlyList<V1WorkloadCondition>? Conditions { get; init; }
}
