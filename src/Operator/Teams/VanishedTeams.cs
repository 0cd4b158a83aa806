using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Kubernetes;
using Slipway.Ledger.Directory;
using Slipway.Operator.Releases;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Teams;

/// <summary>Ends in the ledger the teams that were not ended by a teardown. One that stacks are bound to stays until they are gone.</summary>
/// <param name="grace">For how long an object must be gone.</param>
public sealed class VanishedTeams(
    KubeClient client, DirectoryLedger ledger, ClusterIdentity cluster, IStore<Team> teams, OperatorLog log, TimeProvider time, TimeSpan grace)
{
    private readonly VanishedRows<TeamRow, Team> _rows =
        new(client, cluster, WatchedNamespaces.All, teams, time, grace, row => (row.Uid, new NamespacedName("", row.Name)));

    /// <returns>When to look again; null when nothing is missed.</returns>
    public Task<TimeSpan?> SweepAsync(CancellationToken cancellationToken) =>
        _rows.SweepAsync(ledger.ListTeamsAsync, _ => true, EndAsync, cancellationToken);

    private async Task EndAsync(TeamRow team, CancellationToken cancellationToken)
    {
        if ((await ledger.EndTeamAsync(team.Uid, team.Name, cancellationToken)).IsDeleted)
        {
            log.TeamVanished(team.Name);
        }
    }
}
