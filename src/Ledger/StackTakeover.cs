namespace Slipway.Ledger;

/// <summary>
/// A stack that was restored: its object has a new UID, and everything else is as it was. Both rows must be locked, or new.
/// </summary>
internal static class StackTakeover
{
    private const string MarkDeleted = "UPDATE slipway.stacks SET lifecycle = 'deleted', deleted_at = $2 WHERE id = $1";

    private const string MoveReleases = """
        UPDATE slipway.releases SET stack_id = successor.id, stack_uid = successor.uid
        FROM slipway.stacks AS successor WHERE successor.uid = $2 AND releases.stack_id = $1
        """;

    private const string MoveArchived = """
        UPDATE slipway.releases_archive SET stack_id = successor.id, stack_uid = successor.uid
        FROM slipway.stacks AS successor WHERE successor.uid = $2 AND releases_archive.stack_id = $1
        """;

    /// <summary>A restored object counts its generations from 1 again.</summary>
    private const string MoveSource = """
        UPDATE slipway.stack_sources SET stack_id = successor.id, generation = 0
        FROM slipway.stacks AS successor WHERE successor.uid = $2 AND stack_sources.stack_id = $1
        """;

    private const string LeaveEnv = "UPDATE slipway.stacks SET env_revision = NULL WHERE id = $1";

    private const string MoveRevisions = """
        UPDATE slipway.env_revisions SET stack_id = successor.id
        FROM slipway.stacks AS successor WHERE successor.uid = $2 AND env_revisions.stack_id = $1
        """;

    private const string MovePatches = """
        UPDATE slipway.env_patches SET stack_id = successor.id, stack_uid = successor.uid
        FROM slipway.stacks AS successor WHERE successor.uid = $2 AND env_patches.stack_id = $1
        """;

    /// <summary>Without its generation: what the restored object says of its variables is compared anew.</summary>
    private const string ReceiveEnv =
        "UPDATE slipway.stacks SET env_revision = $2, env_baseline_revision = $3 WHERE uid = $1";

    private const string MoveSlug = """
        UPDATE slipway.slugs SET stack_id = successor.id
        FROM slipway.stacks AS successor WHERE successor.uid = $2 AND slugs.stack_id = $1
        """;

    private const string MoveTeam = """
        UPDATE slipway.stacks AS successor SET team_id = former.team_id
        FROM slipway.stacks AS former WHERE successor.uid = $2 AND former.id = $1 AND former.team_id IS NOT NULL
        """;

    /// <summary>The former row makes room for its successor's, and stays as the tombstone of its UID.</summary>
    public static Task LeaveAsync(LedgerTransaction transaction, StackRow former, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.Command(MarkDeleted).With(former.Id).With(now).RunAsync(cancellationToken);

    /// <summary>Every release, whatever its phase, is the successor's from now on, and so are what its own source has asked for, its variables, its slug and its team.</summary>
    public static async Task MoveReleasesAsync(
        LedgerTransaction transaction, StackRow former, Guid successor, CancellationToken cancellationToken)
    {
        await transaction.Command(MoveReleases).With(former.Id).With(successor).RunAsync(cancellationToken);
        await transaction.Command(MoveArchived).With(former.Id).With(successor).RunAsync(cancellationToken);
        await transaction.Command(MoveSource).With(former.Id).With(successor).RunAsync(cancellationToken);
        await transaction.Command(LeaveEnv).With(former.Id).RunAsync(cancellationToken);
        await transaction.Command(MoveRevisions).With(former.Id).With(successor).RunAsync(cancellationToken);
        await transaction.Command(MovePatches).With(former.Id).With(successor).RunAsync(cancellationToken);
        await transaction.Command(MoveSlug).With(former.Id).With(successor).RunAsync(cancellationToken);
        await transaction.Command(MoveTeam).With(former.Id).With(successor).RunAsync(cancellationToken);
        await transaction.Command(ReceiveEnv).With(successor).With(former.EnvRevision).With(former.EnvBaselineRevision).RunAsync(cancellationToken);
    }
}
