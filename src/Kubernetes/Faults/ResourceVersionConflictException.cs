using Slipway.Crds.Meta;

namespace Slipway.Kubernetes.Faults;

/// <summary>A write lost the race for an object's version on every attempt. Trying again later may succeed.</summary>
public sealed class ResourceVersionConflictException : Exception
{
    public ResourceVersionConflictException(
        string kind, NamespacedName name, int attempts, string? lastResourceVersion, Exception innerException)
        : base(Describe(kind, name, attempts, lastResourceVersion, innerException), innerException)
    {
        Kind = kind;
        Name = name;
        Attempts = attempts;
        LastResourceVersion = lastResourceVersion;
    }

    /// <summary>The unambiguous kind, for example <c>deployments.slipway.dev</c>.</summary>
    public string Kind { get; }

    public NamespacedName Name { get; }

    /// <summary>How often the write was tried, the first time included.</summary>
    public int Attempts { get; }

    /// <summary>The version the last attempt insisted on; null when it named none.</summary>
    public string? LastResourceVersion { get; }

    private static string Describe(string kind, NamespacedName name, int attempts, string? version, Exception error) =>
        $"{kind} {name} was changed by somebody else on each of {attempts} attempt(s)"
        + (version is null ? "" : $", last at resourceVersion {version}")
        + $". It is worth trying again later: {error.Message}";
}
