namespace Slipway.Ledger.Directory;

/// <summary>Who belongs to a team. The team's row is locked, or new.</summary>
internal static class Members
{
    private const string RemoveOthers = "DELETE FROM slipway.team_members WHERE team_id = $1 AND subject <> ALL ($2)";

    /// <summary>Before the successor is promoted: there are never two owners, not even within a transaction.</summary>
    private const string Demote = "UPDATE slipway.team_members SET role = 'member' WHERE team_id = $1 AND role = 'owner' AND subject <> $2";

    private const string Add =
        "INSERT INTO slipway.team_members (team_id, role, subject) SELECT $1, 'member', unnest($2) ON CONFLICT (team_id, subject) DO NOTHING";

    private const string Promote = "UPDATE slipway.team_members SET role = 'owner' WHERE team_id = $1 AND subject = $2 AND role <> 'owner'";

    private const string RemoveAll = "DELETE FROM slipway.team_members WHERE team_id = $1";

    /// <summary>Makes these the members, and the owner the only one who owns it.</summary>
    public static async Task ReplaceAsync(
        LedgerTransaction transaction, long teamId, string owner, IReadOnlyList<string> members, CancellationToken cancellationToken)
    {
        var all = members.Append(owner).Distinct(StringComparer.Ordinal).ToArray();
        await transaction.Command(RemoveOthers).With(teamId).With(all).RunAsync(cancellationToken);
        await transaction.Command(Demote).With(teamId).With(owner).RunAsync(cancellationToken);
        await transaction.Command(Add).With(teamId).With(all).RunAsync(cancellationToken);
        await transaction.Command(Promote).With(teamId).With(owner).RunAsync(cancellationToken);
    }

    public static Task RemoveAllAsync(LedgerTransaction transaction, long teamId, CancellationToken cancellationToken) =>
        transaction.Command(RemoveAll).With(teamId).RunAsync(cancellationToken);
}
