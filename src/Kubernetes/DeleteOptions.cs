namespace Slipway.Kubernetes;

/// <summary>What becomes of dependents, and which object exactly is meant.</summary>
public sealed record DeleteOptions
{
    public Propagation Propagation { get; init; } = Propagation.Background;

    /// <summary>Delete only the object with this UID; another one of the same name is refused with a conflict.</summary>
    public string? Uid { get; init; }

    /// <summary>Delete only this version of the object; any other is refused with a conflict.</summary>
    public string? ResourceVersion { get; init; }
}

/// <summary>What the garbage collector does with the objects owned by a deleted one.</summary>
public enum Propagation
{
    /// <summary>The object goes at once, its dependents soon after.</summary>
    Background,

    /// <summary>The dependents go first; the object stays, marked, until they are gone.</summary>
    Foreground,

    /// <summary>The dependents stay, without an owner.</summary>
    Orphan,
}
