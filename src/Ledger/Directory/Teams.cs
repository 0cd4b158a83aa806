using Npgsql;
using Slipway.Ledger.Slugs;

namespace Slipway.Ledger.Directory;

/// <summary>How teams come, change and go. Row, members and slug are one transaction.</summary>
internal sealed class Teams(NpgsqlDataSource dataSource, TimeProvider time, SlugAllocator slugs)
{
    private const int MostStacksNamed = 5;

    private const string Insert = """
        INSERT INTO slipway.teams (uid, name, generation, display_name, owner, cluster, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string Renew =
        "UPDATE slipway.teams SET generation = $2, display_name = $3, owner = $4, cluster = coalesce($5, cluster) WHERE id = $1";

    private const string Tombstone = """
        INSERT INTO slipway.teams (uid, name, generation, created_at, lifecycle, deleted_at) VALUES ($1, $2, 0, $3, 'deleted', $3)
        """;

    /// <summary>A restored object counts its generations from 1 again.</summary>
    private const string Rename = "UPDATE slipway.teams SET uid = $2, generation = 0 WHERE id = $1";

    private const string MarkDeleted = "UPDATE slipway.teams SET lifecycle = 'deleted', deleted_at = $2, owner = NULL WHERE id = $1";

    public const string StacksOf = """
        SELECT namespace || '/' || name FROM slipway.stacks WHERE team_id = $1 AND lifecycle <> 'deleted' ORDER BY namespace, name LIMIT $2
        """;

    public async Task<TeamOutcome> RegisterAsync(
        TeamRegistration registration, Func<CancellationToken, Task<bool>> exists, CancellationToken cancellationToken)
    {
        var known = await dataSource.CreateCommand(TeamQueries.ByUid).With(registration.Uid).FirstAsync(TeamQueries.Read, cancellationToken);
        return known is not null && IsUpToDate(known, registration)
            ? new TeamOutcome(known)
            : await slugs.RunAsync(
                registration.Slug, (attempt, token) => AttemptAsync(registration, exists, attempt, token), cancellationToken);
    }

    public async Task<TeamEnd> EndAsync(Guid uid, string name, CancellationToken cancellationToken)
    {
        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        var namesakes = await TeamQueries.LockAsync(transaction, uid, name, cancellationToken);
        var now = time.GetUtcNow();
        switch (namesakes.Find(team => team.Uid == uid))
        {
            case null:
                // So that nobody with an older view creates it after this.
                await transaction.Command(Tombstone).With(uid).With(name).With(now).RunAsync(cancellationToken);
                break;
            case { IsLive: true } team:
                // Whoever binds a stack shares the lock on the team's row: none comes between this look and the end.
                var stacks = await transaction.Command(StacksOf).With(team.Id).With(MostStacksNamed)
                    .ListAsync(reader => reader.GetString(0), cancellationToken);
                if (stacks.Count > 0)
                {
                    return new TeamEnd(stacks);
                }

                await transaction.Command(MarkDeleted).With(team.Id).With(now).RunAsync(cancellationToken);
                await Members.RemoveAllAsync(transaction, team.Id, cancellationToken);
                break;
        }

        await transaction.CommitAsync(cancellationToken);
        return new TeamEnd([]);
    }

    public async Task<IReadOnlyList<string>> ListStacksAsync(Guid uid, CancellationToken cancellationToken) =>
        await dataSource.CreateCommand(TeamQueries.ByUid).With(uid).FirstAsync(TeamQueries.Read, cancellationToken) is { } team
            ? await dataSource.CreateCommand(StacksOf).With(team.Id).With(MostStacksNamed).ListAsync(reader => reader.GetString(0), cancellationToken)
            : [];

    public async Task<IReadOnlyList<TeamRow>> ListAsync(Guid cluster, CancellationToken cancellationToken) =>
        await dataSource.CreateCommand(TeamQueries.OfCluster).With(cluster).ListAsync(TeamQueries.Read, cancellationToken);

    /// <summary>One transaction; what it has written is lost with its slug.</summary>
    private async Task<TeamOutcome> AttemptAsync(
        TeamRegistration registration, Func<CancellationToken, Task<bool>> exists, SlugAttempt attempt, CancellationToken cancellationToken)
    {
        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        var namesakes = await TeamQueries.LockAsync(transaction, registration.Uid, registration.Name, cancellationToken);
        var own = namesakes.Find(team => team.Uid == registration.Uid);
        if (own is not null && IsUpToDate(own, registration))
        {
            return new TeamOutcome(own);
        }

        if (own is null && namesakes.SingleOrDefault() is { } former)
        {
            // Asked while the name is locked: nobody registers it between this look and what is written.
            if (!await exists(cancellationToken))
            {
                await transaction.Command(Tombstone).With(registration.Uid).With(registration.Name).With(time.GetUtcNow()).RunAsync(cancellationToken);
                return await CommitAsync(transaction, registration, null, cancellationToken);
            }

            own = await TakeOverAsync(transaction, former, registration, cancellationToken);
        }

        return own is null
            ? await CreateAsync(transaction, registration, attempt, cancellationToken)
            : await RenewAsync(transaction, own, registration, cancellationToken);
    }

    private async Task<TeamOutcome> CreateAsync(
        LedgerTransaction transaction, TeamRegistration registration, SlugAttempt attempt, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await transaction.Command(Insert)
            .With(registration.Uid).With(registration.Name).With(registration.Generation).With(registration.DisplayName)
            .With(registration.Owner).With(registration.Cluster).With(now).RunAsync(cancellationToken);
        var row = await TeamQueries.GetAsync(transaction, registration.Uid, cancellationToken);
        await Members.ReplaceAsync(transaction, row.Id, registration.Owner, registration.Members, cancellationToken);
        return await attempt.TakeAsync(transaction, row.Id, now, cancellationToken) is null
            ? new TeamOutcome(null, SlugsExhausted: true)
            : await CommitAsync(transaction, registration, null, cancellationToken);
    }

    /// <summary>An older generation that knows the cluster changes nothing else.</summary>
    private static async Task<TeamOutcome> RenewAsync(
        LedgerTransaction transaction, TeamRow own, TeamRegistration registration, CancellationToken cancellationToken)
    {
        var isNewer = own.Generation < registration.Generation;
        var (displayName, owner) = isNewer ? (registration.DisplayName, registration.Owner) : (own.DisplayName, own.Owner!);
        if (isNewer)
        {
            await Members.ReplaceAsync(transaction, own.Id, registration.Owner, registration.Members, cancellationToken);
        }

        await transaction.Command(Renew)
            .With(own.Id).With(Math.Max(own.Generation, registration.Generation)).With(displayName).With(owner).With(registration.Cluster)
            .RunAsync(cancellationToken);
        return await CommitAsync(transaction, registration, own.Owner == owner ? null : own.Owner, cancellationToken);
    }

    /// <summary>The same team, restored under a new UID: its slug, its stacks and its row are the new object's; the former UID gets a tombstone.</summary>
    private async Task<TeamRow> TakeOverAsync(
        LedgerTransaction transaction, TeamRow former, TeamRegistration registration, CancellationToken cancellationToken)
    {
        await transaction.Command(Rename).With(former.Id).With(registration.Uid).RunAsync(cancellationToken);
        await transaction.Command(Tombstone).With(former.Uid).With(former.Name).With(time.GetUtcNow()).RunAsync(cancellationToken);
        return former with { Uid = registration.Uid, Generation = 0 };
    }

    private static async Task<TeamOutcome> CommitAsync(
        LedgerTransaction transaction, TeamRegistration registration, string? formerOwner, CancellationToken cancellationToken)
    {
        var row = await TeamQueries.GetAsync(transaction, registration.Uid, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new TeamOutcome(row, formerOwner);
    }

    private static bool IsUpToDate(TeamRow known, TeamRegistration registration) =>
        !known.IsLive
        || (known.Generation >= registration.Generation && (registration.Cluster is null || known.Cluster == registration.Cluster));
}
