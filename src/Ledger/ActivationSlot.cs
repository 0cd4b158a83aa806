using Npgsql;

namespace Slipway.Ledger;

/// <summary>Whose turn it is to change what runs: one release of a stack at a time, the highest version first.</summary>
internal sealed class ActivationSlot(NpgsqlDataSource dataSource, TimeProvider time)
{
    private const string Take = """
        UPDATE slipway.releases
        SET phase = 'activating', reason = '', message = '', image_reference = $2, digest = $3, digests = $4, pinned = $5,
            changed_at = $6, deadline_at = NULL, slot_requested_at = NULL
        WHERE id = $1
        """;

    private const string Wait = """
        UPDATE slipway.releases
        SET image_reference = $2, digest = $3, digests = $4, pinned = $5,
            slot_requested_at = coalesce(slot_requested_at, $6), deadline_at = NULL
        WHERE id = $1
        """;

    public async Task<SlotOutcome> TakeAsync(Guid uid, ResolvedImage image, CancellationToken cancellationToken)
    {
        if (image is { Pinned: true, Digest: null })
        {
            throw new ArgumentException($"The image {image.Reference} is pinned, so its digest must be known.", nameof(image));
        }

        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        var (stack, release) = await StackQueries.LockWithReleaseAsync(transaction, uid, cancellationToken);
        if (stack is null || release.Phase is not (ReleasePhase.Pending or ReleasePhase.Pushing))
        {
            return new SlotOutcome(Answer(release.Phase), release);
        }

        var (kind, holder) = await DecideAsync(transaction, stack, release, image, cancellationToken);
        var row = await ReleaseQueries.GetAsync(transaction, uid, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SlotOutcome(kind, row, holder);
    }

    private async Task<(SlotKind Kind, ReleaseRow? Holder)> DecideAsync(
        LedgerTransaction transaction, StackRow stack, ReleaseRow release, ResolvedImage image, CancellationToken cancellationToken)
    {
        var active = await ReleaseQueries.FindActiveAsync(transaction, stack.Id, cancellationToken);
        if (active is not null && active.Version > release.Version)
        {
            var ending = new Ending(
                ReleasePhase.Superseded, "NewerVersionActive", $"Version {active.Version} is active already.", SupersededBy: active.Id);
            await transaction.EndAsync(release, ending, time.GetUtcNow(), cancellationToken);
            return (SlotKind.Superseded, null);
        }

        var holder = await ReleaseQueries.FindSlotHolderAsync(transaction, stack.Id, release.Version!.Value, cancellationToken);
        if (holder is null)
        {
            await SetAsync(transaction, Take, release, image, cancellationToken);
            return (SlotKind.Taken, null);
        }

        if (release.SlotRequestedAt is null || release.ImageReference != image.Reference || release.Digest != image.Digest)
        {
            await SetAsync(transaction, Wait, release, image, cancellationToken);
        }

        return (SlotKind.Waiting, holder);
    }

    private async Task SetAsync(
        LedgerTransaction transaction, string statement, ReleaseRow release, ResolvedImage image, CancellationToken cancellationToken) =>
        await transaction.Command(statement)
            .With(release.Id).With(image.Reference).With(image.Digest).With(image.Digests.ToArray()).With(image.Pinned)
            .With(time.GetUtcNow())
            .RunAsync(cancellationToken);

    /// <summary>What an earlier call has brought about is its answer to this one too.</summary>
    private static SlotKind Answer(ReleasePhase phase) => phase switch
    {
        ReleasePhase.Activating => SlotKind.Taken,
        ReleasePhase.Superseded => SlotKind.Superseded,
        ReleasePhase.Pending or ReleasePhase.Building or ReleasePhase.Pushing or ReleasePhase.Active
            or ReleasePhase.RolledBack or ReleasePhase.Failed or ReleasePhase.Cancelled => SlotKind.Refused,
    };
}
