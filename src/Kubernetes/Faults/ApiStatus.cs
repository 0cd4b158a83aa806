namespace Slipway.Kubernetes.Faults;

/// <summary>Kubernetes' <c>metav1.Status</c>: why a request was refused, in the server's own words.</summary>
public sealed record ApiStatus
{
    public string? Status { get; init; }

    public string? Message { get; init; }

    /// <summary>A PascalCase word such as <c>NotFound</c>, <c>AlreadyExists</c>, <c>Conflict</c>, <c>Invalid</c>, <c>Expired</c>.</summary>
    public string? Reason { get; init; }

    public ApiStatusDetails? Details { get; init; }

    /// <summary>The HTTP status code; inside a watch stream the only place where it is said.</summary>
    public int? Code { get; init; }
}

/// <summary>What a refusal was about.</summary>
public sealed record ApiStatusDetails
{
    public string? Name { get; init; }

    public string? Group { get; init; }

    public string? Kind { get; init; }

    public string? Uid { get; init; }

    public IReadOnlyList<ApiStatusCause>? Causes { get; init; }

    public int? RetryAfterSeconds { get; init; }
}

/// <summary>One of the causes of a refusal, usually one invalid field.</summary>
public sealed record ApiStatusCause
{
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public string? Field { get; init; }
}
