using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Kubernetes;
using Slipway.Ledger.Directory;
using Slipway.Operator.Releases;
using Slipway.Runtime.Caching;

namespace Slipway.Operator.Teams;

/// <summary>
/// Ends in the ledger what was not ended by a teardown: teams whose object went while the ledger was away, or by somebody's hand. One
/// that stacks are bound to stays until they are gone.
/// </summary>
/// <param name="grace">For how long an object must be gone.</param>
public sealed class VanishedTeams(
    KubeClient client, DirectoryLedger ledger, ClusterIdentity cluster, IStore<Team> teams, OperatorLog log, TimeProvider time, TimeSpan grace)
{
    private readonly Absences _absences = new(time, grace);

    /// <returns>When to look again; null when nothing is missed.</returns>
    public async Task<TimeSpan?> SweepAsync(CancellationToken cancellationToken)
    {
        if (await cluster.ReadAsync(cancellationToken) is not { } here)
        {
            return null;
        }

        var missing = await ListMissingAsync(here, cancellationToken);
        _absences.Keep(missing.Select(team => team.Uid));
        TimeSpan? next = null;
        foreach (var team in missing)
        {
            var left = _absences.Left(team.Uid);
            if (left > TimeSpan.Zero)
            {
                next = next < left ? next : left;
            }
            else if ((await ledger.EndTeamAsync(team.Uid, team.Name, cancellationToken)).IsDeleted)
            {
                log.TeamVanished(team.Name);
            }
        }

        return next;
    }

    private async Task<List<TeamRow>> ListMissingAsync(Guid here, CancellationToken cancellationToken)
    {
        var missing = new List<TeamRow>();
        foreach (var team in await ledger.ListTeamsAsync(here, cancellationToken))
        {
            var key = new NamespacedName("", team.Name);
            if (!IsObjectOf(team, teams.Get(key)) && !IsObjectOf(team, await client.GetAsync<Team>(key, cancellationToken)))
            {
                missing.Add(team);
            }
        }

        if (missing.Count > 0)
        {
            // Without the custom resource definition every object seems to be gone; then this fails, and so does the round.
            await client.ListAsync<Team>(new ListOptions { Limit = 1 }, cancellationToken);
        }

        return missing;
    }

    private static bool IsObjectOf(TeamRow row, Team? team) =>
        team is not null && Guid.TryParse(team.Metadata.Uid, out var uid) && uid == row.Uid;
}
