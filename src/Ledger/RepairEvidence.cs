namespace Slipway.Ledger;

/// <summary>What a cluster knows of the releases of one name, for a ledger that was restored from an older backup.</summary>
/// <param name="Namespace">Namespace of the lineage.</param>
/// <param name="StackName">Name of the stack; with the namespace, the lineage.</param>
/// <param name="StackUid">UID of the Stack that exists, and is registered; null if there is none.</param>
/// <param name="Stamp">The highest step that its workload was written from; 0 if there is none.</param>
/// <param name="Releases">Releases, in any order.</param>
/// <param name="Source">What the stack's own source has asked for; null if nothing, or if that is not known.</param>
public sealed record LineageEvidence(
    string Namespace, string StackName, Guid? StackUid, long Stamp, IReadOnlyList<ReleaseEvidence> Releases, StackSourceRow? Source);

/// <summary>What an object's status says of its release. A status is only ever written from the ledger.</summary>
public sealed record ReleaseEvidence
{
    /// <summary>The UID of the Deployment object; a new one where the object is gone.</summary>
    public required Guid Uid { get; init; }

    public required string Name { get; init; }

    /// <summary>The stack that it was bound to; null if it was refused before there was one.</summary>
    public required Guid? StackUid { get; init; }

    public required string SpecHash { get; init; }

    public string RerunToken { get; init; } = "";

    /// <summary>Null for a release that was never admitted.</summary>
    public required ReleaseVersion? Version { get; init; }

    public ReleaseSourceKind Source { get; init; }

    public ReleaseVersion? RollbackTo { get; init; }

    public string? Image { get; init; }

    public string? ImageReference { get; init; }

    public string? Digest { get; init; }

    /// <summary>What it would be restored with; the original is lost.</summary>
    public required string Template { get; init; }

    /// <summary>What it is built of; null if it is not built.</summary>
    public string? Build { get; init; }

    public string? Revision { get; init; }

    /// <summary>The revision of the stack's variables that it pinned; null if it had none.</summary>
    public long? EnvRevision { get; init; }

    public string? RequestedBy { get; init; }

    public string? LogTail { get; init; }

    public int Attempts { get; init; }

    public int Collisions { get; init; }

    public DateTimeOffset? AskedAt { get; init; }

    public ReleaseVersion? SupersededBy { get; init; }

    /// <summary>Every move, oldest first; never empty. The first has no From.</summary>
    public required IReadOnlyList<MoveEvidence> Moves { get; init; }

    internal ReleasePhase Phase => Moves[^1].To;
}

/// <summary>One move of a release, as a status tells it.</summary>
public sealed record MoveEvidence(ReleasePhase To, DateTimeOffset At, string Reason, string Message);

/// <summary>What a repair did for a release.</summary>
/// <param name="Name">Name of its Deployment.</param>
/// <param name="Version">Its version; null if it has none.</param>
/// <param name="Phase">The phase it is in now.</param>
/// <param name="Moves">
/// Moves that the ledger did not know. 0: the ledger has it on another way than the object says, and it stays as the ledger has it.
/// </param>
public sealed record RepairedRelease(string Name, ReleaseVersion? Version, ReleasePhase Phase, int Moves);
