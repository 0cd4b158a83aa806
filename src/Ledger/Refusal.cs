namespace Slipway.Ledger;

/// <summary>A release that ends before it was admitted: it gets a row, so that nobody admits it later, but no version.</summary>
public sealed record Refusal
{
    public required Guid Uid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The stack it was bound to; null if that was never seen.</summary>
    public Guid? StackUid { get; init; }

    public required string StackName { get; init; }

    public required string SpecHash { get; init; }

    public required string RerunToken { get; init; }

    /// <summary>Failed, Cancelled or Superseded.</summary>
    public required ReleasePhase Phase { get; init; }

    /// <summary>Why, one PascalCase word; never empty.</summary>
    public required string Reason { get; init; }

    public required string Message { get; init; }

    public string? RequestedBy { get; init; }

    public ReleaseSourceKind Source { get; init; }

    /// <summary>The version that was to be restored; only for <see cref="ReleaseSourceKind.Rollback"/>.</summary>
    public ReleaseVersion? RollbackTo { get; init; }

    /// <summary>When the object was created.</summary>
    public DateTimeOffset? AskedAt { get; init; }
}
