namespace Slipway.Ledger;

/// <summary>A release as the ledger knows it, with every move it has made.</summary>
public sealed record ReleaseRow
{
    public required long Id { get; init; }

    /// <summary>The UID of the Deployment object it was first written for.</summary>
    public required Guid Uid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The stack's row; null if the release was refused before its stack was known.</summary>
    public required long? StackId { get; init; }

    /// <summary>The UID of the stack the release is bound to; null as for <see cref="StackId"/>.</summary>
    public required Guid? StackUid { get; init; }

    public required string StackName { get; init; }

    /// <summary>The hash of the spec; with namespace, name, stack and token it tells whether an object asks for the same again.</summary>
    public required string SpecHash { get; init; }

    /// <summary>The value of the rerun annotation, empty if there is none.</summary>
    public required string RerunToken { get; init; }

    public required ReleasePhase Phase { get; init; }

    /// <summary>Absent for a release that was refused before it was admitted.</summary>
    public required ReleaseVersion? Version { get; init; }

    /// <summary>Where the image comes from.</summary>
    public ReleaseSourceKind Source { get; init; }

    /// <summary>The version that this one restores; only for a rollback.</summary>
    public ReleaseVersion? RollbackOf { get; init; }

    /// <summary>All that the build needs, as the JSON text it was given as; only for sources that are built.</summary>
    public string? Build { get; init; }

    /// <summary>The commit, or the digest of the artifact, that was built; null until that is known.</summary>
    public string? Revision { get; init; }

    /// <summary>When the object was created; null for a release that a Slipway before schema 2 admitted.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>The image as it was asked for; null unless it was given.</summary>
    public required string? Image { get; init; }

    /// <summary>What the admission made of the version; from Activating on, what the workload runs, with its digest once that is known.</summary>
    public required string? ImageReference { get; init; }

    public required string? Digest { get; init; }

    /// <summary>Digests that mean the same image: index, platform manifest, config.</summary>
    public required IReadOnlyList<string> Digests { get; init; }

    /// <summary>Whether the workload pins the digest.</summary>
    public required bool Pinned { get; init; }

    /// <summary>Whether it was admitted alone: nothing else of its stack is admitted while it is in flight.</summary>
    public required bool Exclusive { get; init; }

    /// <summary>The snapshot of the stack's template, as the JSON text it was given as.</summary>
    public required string? Template { get; init; }

    /// <summary>The revision of the stack's variables that it runs with; null when it has none.</summary>
    public long? EnvRevision { get; init; }

    /// <summary>Who asked for it: unverified, informative.</summary>
    public required string? RequestedBy { get; init; }

    /// <summary>Why it is in this phase, one PascalCase word. Empty while nothing needs saying.</summary>
    public required string Reason { get; init; }

    public required string Message { get; init; }

    public required string? LogTail { get; init; }

    /// <summary>Attempts that its version took; 0 without a version.</summary>
    public required int Attempts { get; init; }

    /// <summary>Attempts among them that lost their number to another release.</summary>
    public required int Collisions { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it became Active, or ended before that. Being superseded later does not move it.</summary>
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When the current phase is over at the latest; absent while it waits for the slot, when no deadline runs.</summary>
    public required DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>Since when it waits for the activation slot; absent if it does not.</summary>
    public required DateTimeOffset? SlotRequestedAt { get; init; }

    /// <summary>The stack's sequence number that made it Activating.</summary>
    public required long? Sequence { get; init; }

    public required ReleaseVersion? SupersededBy { get; init; }

    /// <summary>Of a release in flight, for whoever finds it in his way: which one it is, since when, in which phase, and until when.</summary>
    public string InTheWay
    {
        get
        {
            var by = RequestedBy is { } person ? $", requested by {person}" : "";
            var until = DeadlineAt is { } deadline ? $", until {deadline:u} at the latest" : "";
            return $"{Name} (version {Version}{by}) is in flight since {StartedAt:u}, now {Phase}{until}";
        }
    }

    /// <summary>Whether it has been Active, now or before.</summary>
    public bool WasActive => Transitions.Any(transition => transition.To == ReleasePhase.Active);

    /// <summary>In the order they happened; the first has no From.</summary>
    public required IReadOnlyList<TransitionRow> Transitions { get; init; }
}

/// <summary>One move of a release. The database writes it with the move itself.</summary>
public sealed record TransitionRow(long Id, ReleasePhase? From, ReleasePhase To, DateTimeOffset At, string Reason, string Message);
