namespace Slipway.Kubernetes;

/// <summary>Which part of a container's log is read.</summary>
public sealed record LogOptions
{
    /// <summary>The container; may be null only for pods that have just one.</summary>
    public string? Container { get; init; }

    /// <summary>Only that many lines from the end.</summary>
    public int? TailLines { get; init; }

    /// <summary>At most that many bytes.</summary>
    public int? LimitBytes { get; init; }

    /// <summary>The log of the container's previous, terminated run.</summary>
    public bool Previous { get; init; }
}
