using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Kubernetes;
using Slipway.Ledger;
using Slipway.Ledger.Directory;
using Slipway.Operator.Releases;
using Slipway.Runtime;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Teams;

/// <summary>Makes the ledger's team follow its object, and the object's status the ledger.</summary>
public sealed class TeamReconciler(
    KubeClient client,
    IStore<Team> teams,
    DirectoryLedger ledger,
    ClusterIdentity cluster,
    LedgerHealth health,
    TeamTeardown teardown,
    TeamReports reports) : IReconciler
{
    private static readonly TimeSpan CacheLag = TimeSpan.FromSeconds(1);

    /// <summary>A slug that is freed without an object's end, by a sweep or another cluster's operator, is told by nobody.</summary>
    private static readonly TimeSpan LookForSlug = TimeSpan.FromSeconds(30);

    public async Task<Next> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (teams.Get(key) is not { } team)
        {
            return Next.Settled;
        }

        try
        {
            return team.Metadata.DeletionTimestamp is null
                ? await FollowAsync(team, cancellationToken)
                : await teardown.RunAsync(team, cancellationToken);
        }
        catch (Exception error) when (LedgerFaults.IsUnavailable(error))
        {
            health.Suspect();
            throw;
        }
    }

    private async Task<Next> FollowAsync(Team team, CancellationToken cancellationToken)
    {
        if (!team.Metadata.HasFinalizer(WellKnown.Finalizer))
        {
            await Finalizers.AddAsync(client, team, WellKnown.Finalizer, cancellationToken);
            return Next.After(TimeSpan.Zero);
        }

        if (TeamCheck.Of(team.Spec) is { } problem)
        {
            await reports.StalledAsync(team, problem, cancellationToken);
            return Next.Settled;
        }

        if (!health.IsAvailable)
        {
            await reports.LedgerAwayAsync(team, cancellationToken);
            return Next.Settled;
        }

        var registration = TeamRegistrations.Of(team, await cluster.ReadAsync(cancellationToken));
        var outcome = await ledger.RegisterTeamAsync(registration, token => ExistsAsync(team, token), cancellationToken);
        switch (outcome)
        {
            case { SlugsExhausted: true }:
                await reports.ExhaustedAsync(team, cancellationToken);
                return Next.After(LookForSlug);
            case { Row: { IsLive: true } row }:
                await reports.RegisteredAsync(team, row, outcome.FormerOwner, cancellationToken);
                return Next.Settled;
            default:
                // Its UID has ended: the cache is behind, or somebody else has ended it just now.
                return Next.After(CacheLag);
        }
    }

    /// <summary>By the API server's own word: a cache may still show an object whose successor has registered already.</summary>
    private async Task<bool> ExistsAsync(Team team, CancellationToken cancellationToken) =>
        (await client.GetAsync<Team>(NamespacedName.Of(team), cancellationToken))?.Metadata.Uid == team.Metadata.Uid;
}
