using Npgsql;

namespace Slipway.Ledger.Directory;

/// <summary>Finding and locking teams.</summary>
internal static class TeamQueries
{
    public const string Select = """
        SELECT t.id, t.uid, t.name, t.lifecycle = 'live', t.generation, t.display_name, t.owner, t.cluster,
               (SELECT slug FROM slipway.slugs WHERE team_id = t.id), (SELECT base FROM slipway.slugs WHERE team_id = t.id)
        FROM slipway.teams AS t

        """;

    public const string ByUid = Select + "WHERE t.uid = $1";

    public const string OfCluster = Select + "WHERE t.cluster = $1 AND t.lifecycle <> 'deleted' ORDER BY t.id";

    /// <summary>The team of a UID, and the live one of its name, which may be another one.</summary>
    public const string LockNamesakes = Select + "WHERE t.uid = $1 OR (t.name = $2 AND t.lifecycle <> 'deleted') ORDER BY t.id FOR UPDATE";

    /// <summary>Registrations of one name come one after the other; a name that is not there yet has no row to lock.</summary>
    private const string LockName = "SELECT pg_advisory_xact_lock(hashtextextended('slipway.teams ' || $1, 0))";

    public static async Task<List<TeamRow>> LockAsync(LedgerTransaction transaction, Guid uid, string name, CancellationToken cancellationToken)
    {
        await transaction.Command(LockName).With(name).RunAsync(cancellationToken);
        return await transaction.Command(LockNamesakes).With(uid).With(name).ListAsync(Read, cancellationToken);
    }

    public static async Task<TeamRow> GetAsync(LedgerTransaction transaction, Guid uid, CancellationToken cancellationToken) =>
        await transaction.Command(ByUid).With(uid).FirstAsync(Read, cancellationToken)
        ?? throw new InvalidOperationException($"The team {uid} vanished while its row was locked.");

    public static TeamRow Read(NpgsqlDataReader reader) => new(
        Id: reader.GetInt64(0),
        Uid: reader.GetGuid(1),
        Name: reader.GetString(2),
        IsLive: reader.GetBoolean(3),
        Generation: reader.GetInt64(4),
        DisplayName: reader.MaybeText(5),
        Owner: reader.MaybeText(6),
        Slug: reader.MaybeText(8),
        SlugBase: reader.MaybeText(9),
        Cluster: reader.Maybe<Guid>(7));
}
