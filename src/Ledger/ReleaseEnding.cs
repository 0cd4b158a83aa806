using Npgsql;

namespace Slipway.Ledger;

/// <summary>How a release leaves a phase for a terminal one. The stack's row must be locked.</summary>
internal static class ReleaseEnding
{
    private const string End = """
        UPDATE slipway.releases
        SET phase = $1::slipway.phase, reason = $2, message = $3, log_tail = coalesce($4, log_tail), superseded_by = $5,
            changed_at = $6, finished_at = coalesce(finished_at, $6), deadline_at = NULL, slot_requested_at = NULL

        """;

    private const string EndOne = End + "WHERE id = $7 AND phase = $8::slipway.phase";

    private const string EndInFlight = End + "WHERE stack_id = $7 AND in_flight";

    /// <summary>Ends a release, if it is still in the phase in which it was read.</summary>
    public static async Task<bool> EndAsync(
        this LedgerTransaction transaction, ReleaseRow release, Ending ending, DateTimeOffset now, CancellationToken cancellationToken) =>
        await Say(transaction.Command(EndOne), ending, now).With(release.Id).With(release.Phase.ToSql()).RunAsync(cancellationToken) == 1;

    /// <summary>Ends everything of a stack that has not become active.</summary>
    public static Task EndInFlightAsync(
        this LedgerTransaction transaction, StackRow stack, Ending ending, DateTimeOffset now, CancellationToken cancellationToken) =>
        Say(transaction.Command(EndInFlight), ending, now).With(stack.Id).RunAsync(cancellationToken);

    private static NpgsqlCommand Say(NpgsqlCommand command, Ending ending, DateTimeOffset now) => command
        .With(ending.Phase.ToSql()).With(ending.Reason).With(ending.Message).With(ending.LogTail).With(ending.SupersededBy).With(now);
}

/// <summary>How a release ends.</summary>
internal sealed record Ending(ReleasePhase Phase, string Reason, string Message, string? LogTail = null, long? SupersededBy = null)
{
    public static Ending ObjectGone { get; } =
        new(ReleasePhase.Cancelled, "ObjectGone", "Its Deployment object was deleted while the release was in flight.");

    public static Ending StackDeleting { get; } = new(ReleasePhase.Cancelled, "StackDeleting", "Its stack is being deleted.");

    public static Ending StackDeleted { get; } = new(ReleasePhase.Superseded, "StackDeleted", "Its stack was deleted.");
}
