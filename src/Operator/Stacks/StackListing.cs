using System.Globalization;
using Npgsql;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger.Directory;
using Slipway.Ledger.Slugs;
using Slipway.Operator.Releases;
using Slipway.Operator.Slugs;
using Slipway.Runtime.Events;

namespace Slipway.Operator.Stacks;

/// <summary>Has a stack listed in the directory: its slug, and its team. Nothing that runs depends on either.</summary>
public sealed class StackListing(DirectoryLedger ledger, StackTeams teams, EventRecorder recorder, Wakeups wakeups)
{
    private static readonly TimeSpan AfterCollision = TimeSpan.FromSeconds(1);

    /// <summary>A slug that is freed without an object's end, or a team that is mended, may be told by nobody.</summary>
    private static readonly TimeSpan LookForOthers = TimeSpan.FromSeconds(30);

    /// <summary>Of a stack that is on its way out, or is not registered any more.</summary>
    private static readonly StackPlace Unlisted = new(null, null, null, null);

    /// <summary>Costs one plain read of the ledger when nothing is new. The stack has been registered.</summary>
    public async Task<StackPlace> FollowAsync(Stack stack, CancellationToken cancellationToken)
    {
        var uid = Guid.Parse(stack.Metadata.Uid!, CultureInfo.InvariantCulture);
        if (await ledger.FindStackAsync(uid, cancellationToken) is not { IsLive: true } entry)
        {
            return Unlisted;
        }

        var waits = await FollowTeamAsync(stack, uid, entry, cancellationToken);
        var ask = SlugAsks.Of(stack);
        if (entry.Slug is null)
        {
            try
            {
                entry = await ledger.AllocateStackSlugAsync(uid, ask, cancellationToken) ?? entry;
            }
            catch (Exception error) when (error is SlugCollisionException or PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable })
            {
                // Others are at it. The stack goes on without, and comes back for it.
                return new StackPlace(null, null, waits, AfterCollision);
            }

            if (!entry.IsLive)
            {
                // It gets no slug any more, which is not to say that all are taken.
                return Unlisted;
            }

            TellOfSlug(stack, ask, entry);
        }

        return entry.Slug is { } slug
            ? new StackPlace(slug, SlugCondition.Of(ask, slug, entry.SlugBase), waits, waits is null ? null : LookForOthers)
            : new StackPlace(null, SlugCondition.Exhausted(ask), waits, LookForOthers);
    }

    /// <returns>What the stack waits for; null when it is bound to its team, or names none.</returns>
    private async Task<StackProblem?> FollowTeamAsync(Stack stack, Guid uid, StackEntry entry, CancellationToken cancellationToken)
    {
        var team = teams.Find(stack);
        if (team is not null && entry.TeamUid.ToString() == team.Metadata.Uid)
        {
            return null;
        }

        var waits = teams.ProblemOf(stack);
        if (waits is null && team is not null)
        {
            var teamUid = Guid.Parse(team.Metadata.Uid!, CultureInfo.InvariantCulture);
            var outcome = await ledger.BindStackAsync(uid, stack.Metadata.Generation ?? 0, teamUid, cancellationToken);
            waits = outcome == BindOutcome.TeamUnknown ? StackTeams.NotReady(team) : null;
        }

        await LeaveFormerAsync(stack, uid, entry, stays: waits is null && team is not null, cancellationToken);
        return waits;
    }

    /// <summary>
    /// It is free of a team that it does not name any more, and that team may have waited for it. Of the one it names it is not, although
    /// that is gone for now: it may be restored.
    /// </summary>
    private async Task LeaveFormerAsync(Stack stack, Guid uid, StackEntry entry, bool stays, CancellationToken cancellationToken)
    {
        if (entry.TeamName is not { } former || former == StackTeams.NameOf(stack))
        {
            return;
        }

        if (!stays)
        {
            await ledger.BindStackAsync(uid, stack.Metadata.Generation ?? 0, null, cancellationToken);
        }

        wakeups.Team(former);
    }

    /// <summary>One Event when there is something new, not one per look.</summary>
    private void TellOfSlug(Stack stack, SlugAsk ask, StackEntry entry)
    {
        if (entry.Slug is { } slug && stack.Status?.Slug is { } former && former != slug)
        {
            recorder.Record(stack, EventType.Warning, Reasons.SlugChanged, "Allocate", SlugCondition.Changed(former, slug));
        }
        else if (entry.Slug is null && !SlugCondition.IsExhausted(stack.Status?.Conditions))
        {
            recorder.Record(stack, EventType.Warning, Reasons.SlugsExhausted, "Allocate", SlugCondition.Exhausted(ask).Message);
        }
    }
}
