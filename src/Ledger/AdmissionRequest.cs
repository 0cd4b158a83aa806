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

    /// <summary>The image as it was asked for.</summary>
    public required string Image { get; init; }

    /// <summary>The snapshot of the stack's template: JSON, kept to the letter.</summary>
    public required string Template { get; init; }

    public string? RequestedBy { get; init; }

    /// <summary>How long the release may stay Pending while nothing but itself holds it up.</summary>
    public required TimeSpan ResolveDeadline { get; init; }
}
