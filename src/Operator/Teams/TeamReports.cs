using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Ledger.Directory;
using Slipway.Operator.Slugs;
using Slipway.Runtime;
using Slipway.Runtime.Events;

namespace Slipway.Operator.Teams;

/// <summary>Tells what became of a team: an Event where something changed, then its status.</summary>
public sealed class TeamReports(StatusWriter<Team, TeamStatus> statusWriter, EventRecorder recorder, TimeProvider time)
{
    public async Task RegisteredAsync(Team team, TeamRow row, string? formerOwner, CancellationToken cancellationToken)
    {
        TellOfSlug(team, row);
        if (formerOwner is not null)
        {
            recorder.Record(team, EventType.Normal, Reasons.OwnerChanged, "Transfer", $"{row.Owner} owns the team now; before, {formerOwner} did");
        }

        await statusWriter.WriteAsync(team, TeamStatusProjection.Of(team, row, time.GetUtcNow()), cancellationToken);
    }

    public async Task ExhaustedAsync(Team team, CancellationToken cancellationToken)
    {
        var status = TeamStatusProjection.Exhausted(team, time.GetUtcNow());
        TellOfStall(team, Reasons.SlugsExhausted, SlugCondition.Exhausted(SlugAsks.Of(team)).Message);
        await statusWriter.WriteAsync(team, status, cancellationToken);
    }

    public async Task StalledAsync(Team team, TeamProblem problem, CancellationToken cancellationToken)
    {
        TellOfStall(team, problem.Reason, problem.Message);
        await statusWriter.WriteAsync(team, TeamStatusProjection.Stalled(team, problem, time.GetUtcNow()), cancellationToken);
    }

    public Task LedgerAwayAsync(Team team, CancellationToken cancellationToken) =>
        statusWriter.WriteAsync(team, TeamStatusProjection.WhileLedgerIsAway(team, time.GetUtcNow()), cancellationToken);

    private void TellOfSlug(Team team, TeamRow row)
    {
        if (team.Status?.Slug == row.Slug)
        {
            return;
        }

        if (team.Status?.Slug is { } former)
        {
            recorder.Record(team, EventType.Warning, Reasons.SlugChanged, "Allocate", SlugCondition.Changed(former, row.Slug!));
            return;
        }

        recorder.Record(team, EventType.Normal, Reasons.Allocated, "Allocate", SlugCondition.Of(SlugAsks.Of(team), row.Slug!, row.SlugBase).Message);
    }

    /// <summary>One Event when a team begins to stall, not one per look.</summary>
    private void TellOfStall(Team team, string reason, string message)
    {
        var known = team.Status?.Conditions?.FirstOrDefault(condition => condition.Type == WellKnown.Conditions.Stalled);
        if (known?.Reason != reason)
        {
            recorder.Record(team, EventType.Warning, reason, "Reconcile", message);
        }
    }
}
