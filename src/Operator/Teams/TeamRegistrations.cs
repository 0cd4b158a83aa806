using System.Globalization;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Ledger.Directory;
using Slipway.Operator.Slugs;

namespace Slipway.Operator.Teams;

/// <summary>What the ledger is told of a Team, whose spec has been checked.</summary>
public static class TeamRegistrations
{
    public static TeamRegistration Of(Team team, Guid? cluster) => new(
        Guid.Parse(team.Metadata.Uid!, CultureInfo.InvariantCulture),
        team.Metadata.Name!,
        team.Metadata.Generation ?? 0,
        team.Spec.DisplayName,
        team.Spec.Owner!,
        [.. (team.Spec.Members ?? []).Select(member => member.Subject)],
        SlugAsks.Of(team),
        cluster);
}
