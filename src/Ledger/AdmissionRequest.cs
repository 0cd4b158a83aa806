namespace Slipway.Ledger;

/// <summary>A release that asks to be admitted.</summary>
public sealed record AdmissionRequest
{
    /// <summary>The UID of the Deployment object: one release per UID, ever.</summary>
    public required Guid Uid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The stack it is for, bound at first sight.</summary>
    public required Guid StackUid { get; init; }

    public required string SpecHash { get; init; }

    /// <summary>The value of the rerun annotation, empty if there is none.</summary>
    public required string RerunToken { get; init; }

    /// <summary>When the object was created; with namespace and name the order of turns. Under Supersede the later one wins.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    public ReleaseSourceKind Source { get; init; }

    /// <summary>The image as it was asked for; only for <see cref="ReleaseSourceKind.Image"/>.</summary>
    public string? Image { get; init; }

    /// <summary>All that the build needs, as JSON; only for sources that are built.</summary>
    public string? Build { get; init; }

    /// <summary>The version to restore; only for <see cref="ReleaseSourceKind.Rollback"/>.</summary>
    public ReleaseVersion? RollbackTo { get; init; }

    /// <summary>The snapshot of the stack's template: JSON, kept to the letter. A rollback takes that of its target instead.</summary>
    public required string Template { get; init; }

    public string? RequestedBy { get; init; }

    /// <summary>How long the release may stay Pending while nothing but itself holds it up; null: no clock runs yet.</summary>
    public TimeSpan? ResolveDeadline { get; init; }

    /// <summary>The highest version of the stack that any object in the cluster shows: a ledger that does not know it was restored from an older backup.</summary>
    public ReleaseVersion? Seen { get; init; }

    /// <summary>
    /// The revision of the variables that it is to bring; only for <see cref="ReleaseSourceKind.Current"/>. It waits until nothing is in
    /// flight, whatever the policy, and ends Superseded if the active release has that revision or a newer one.
    /// </summary>
    public long? EnvRevision { get; init; }

    /// <summary>The highest revision of the variables that any object in the cluster shows; as for <see cref="Seen"/>.</summary>
    public long? SeenEnvRevision { get; init; }

    /// <summary>Whether the image is that of another release, so that nothing need be resolved or built.</summary>
    internal bool TakesImageOfRelease => Source is ReleaseSourceKind.Current or ReleaseSourceKind.Rollback;
}
