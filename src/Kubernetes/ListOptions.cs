namespace Slipway.Kubernetes;

/// <summary>What a list returns and how fresh it must be.</summary>
public sealed record ListOptions
{
    /// <summary>The namespace to list, or null for all of them (and for cluster-scoped kinds).</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Null reads the latest state from etcd, "0" whatever the server has cached, anything else "not older than".</summary>
    public string? ResourceVersion { get; init; }

    /// <summary><c>NotOlderThan</c> or <c>Exact</c>; meaningful only together with <see cref="ResourceVersion"/>.</summary>
    public string? ResourceVersionMatch { get; init; }

    /// <summary>Most items in one answer; the rest follows by <see cref="Continue"/>.</summary>
    public int? Limit { get; init; }

    /// <summary>The token of the previous page. A token grown old is refused with <see cref="Faults.ApiException.IsGone"/>.</summary>
    public string? Continue { get; init; }
}
