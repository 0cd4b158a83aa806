using Npgsql;

namespace Slipway.Ledger;

/// <summary>Finding releases. The statements are constants, so that a test can ask the database how it would run each.</summary>
internal static class ReleaseQueries
{
    public static readonly string ByUid = ReleaseReader.Everywhere("WHERE r.uid = $1");

    public static readonly string Twin = ReleaseReader.Everywhere("""
        WHERE r.namespace = $1 AND r.name = $2 AND r.stack_uid IS NOT DISTINCT FROM $3 AND r.spec_hash = $4 AND r.rerun_token = $5
        """);

    public const string InFlightOfStack = ReleaseReader.Select + "WHERE r.stack_id = $1 AND r.in_flight ORDER BY r.id";

    /// <summary>Those in flight that stand in the way of an admission, the oldest first: any ($2), or who was admitted alone.</summary>
    public const string AdmissionHolders = ReleaseReader.Select + """
        WHERE r.stack_id = $1 AND r.in_flight AND (r.exclusive OR $2) ORDER BY r.id
        """;

    public static readonly string ByVersion = ReleaseReader.Everywhere("""
        WHERE r.namespace = $1 AND r.stack_name = $2 AND r.version_day = $3 AND r.version_number = $4
        """);

    /// <summary>Who has the activation slot, else the highest version among those that wait for it, if it is higher than $2.$3.</summary>
    public const string SlotHolder = ReleaseReader.Select + """
        WHERE r.stack_id = $1 AND r.in_flight
          AND (r.phase = 'activating' OR (r.slot_requested_at IS NOT NULL AND (r.version_day, r.version_number) > ($2, $3)))
        ORDER BY (r.phase = 'activating') DESC, r.version_day DESC, r.version_number DESC LIMIT 1
        """;

    public const string InFlight = ReleaseReader.Select + "WHERE r.in_flight ORDER BY r.id";

    public const string ActiveOfStack = ReleaseReader.Select + "WHERE r.stack_id = $1 AND r.phase = 'active'";

    public const string NewestOfStack = ReleaseReader.Select + "WHERE r.stack_id = $1 ORDER BY r.id DESC LIMIT $2";

    public static readonly string NewestOfName =
        ReleaseReader.Everywhere("WHERE r.namespace = $1 AND r.name = $2 AND r.stack_uid = $3") + " ORDER BY 1 DESC LIMIT 1";

    /// <summary>The newest version of a lineage is never archived; that it is looked for there too costs little and forgives much.</summary>
    public const string NewestVersion = """
        (SELECT version_day, version_number FROM slipway.releases
         WHERE namespace = $1 AND stack_name = $2 AND version_day IS NOT NULL
         ORDER BY version_day DESC, version_number DESC LIMIT 1)
        UNION ALL
        (SELECT version_day, version_number FROM slipway.releases_archive
         WHERE namespace = $1 AND stack_name = $2 AND version_day IS NOT NULL
         ORDER BY version_day DESC, version_number DESC LIMIT 1)
        ORDER BY version_day DESC, version_number DESC LIMIT 1
        """;

    private const string LegalTransitions = "SELECT from_phase::text, to_phase::text FROM slipway.legal_transitions";

    public static Task<ReleaseRow?> FindAsync(NpgsqlDataSource dataSource, Guid uid, CancellationToken cancellationToken) =>
        dataSource.CreateCommand(ByUid).With(uid).FirstAsync(ReleaseReader.Read, cancellationToken);

    public static Task<ReleaseRow?> FindAsync(LedgerTransaction transaction, Guid uid, CancellationToken cancellationToken) =>
        transaction.Command(ByUid).With(uid).FirstAsync(ReleaseReader.Read, cancellationToken);

    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public static async Task<ReleaseRow> GetAsync(LedgerTransaction transaction, Guid uid, CancellationToken cancellationToken) =>
        await FindAsync(transaction, uid, cancellationToken) ?? throw new ReleaseNotFoundException(uid);

    public static async Task<ReleaseRow?> FindFinishedTwinAsync(
        NpgsqlDataSource dataSource,
        string @namespace,
        string name,
        Guid stackUid,
        string specHash,
        string rerunToken,
        CancellationToken cancellationToken)
    {
        var identity = new ReleaseIdentity(@namespace, name, stackUid, specHash, rerunToken);
        var twin = await identity.Ask(dataSource.CreateCommand(Twin)).FirstAsync(ReleaseReader.Read, cancellationToken);
        return twin is { } row && !row.Phase.IsInFlight() ? row : null;
    }

    public static Task<ReleaseRow?> FindTwinAsync(
        LedgerTransaction transaction, ReleaseIdentity identity, CancellationToken cancellationToken) =>
        identity.Ask(transaction.Command(Twin)).FirstAsync(ReleaseReader.Read, cancellationToken);

    public static Task<List<ReleaseRow>> ListAdmissionHoldersAsync(
        LedgerTransaction transaction, long stackId, bool exclusive, CancellationToken cancellationToken) =>
        transaction.Command(AdmissionHolders).With(stackId).With(exclusive).ListAsync(ReleaseReader.Read, cancellationToken);

    /// <summary>The release of a version in a lineage, also one of a former stack of the name; null if there is none.</summary>
    public static Task<ReleaseRow?> FindVersionAsync(
        LedgerTransaction transaction, string @namespace, string stackName, ReleaseVersion version, CancellationToken cancellationToken) =>
        transaction.Command(ByVersion).With(@namespace).With(stackName).With(version.Day).With(version.Number)
            .FirstAsync(ReleaseReader.Read, cancellationToken);

    public static Task<ReleaseRow?> FindSlotHolderAsync(
        LedgerTransaction transaction, long stackId, ReleaseVersion version, CancellationToken cancellationToken) =>
        transaction.Command(SlotHolder).With(stackId).With(version.Day).With(version.Number)
            .FirstAsync(ReleaseReader.Read, cancellationToken);

    public static async Task<IReadOnlyList<ReleaseRow>> ListInFlightAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        await dataSource.CreateCommand(InFlight).ListAsync(ReleaseReader.Read, cancellationToken);

    public static Task<ReleaseRow?> FindActiveAsync(LedgerTransaction transaction, long stackId, CancellationToken cancellationToken) =>
        transaction.Command(ActiveOfStack).With(stackId).FirstAsync(ReleaseReader.Read, cancellationToken);

    /// <summary>The newest version of a lineage by its numbers, never by time; null if it has none yet.</summary>
    public static Task<ReleaseVersion?> FindNewestVersionAsync(
        LedgerTransaction transaction, string @namespace, string stackName, CancellationToken cancellationToken) =>
        NewestAsync(transaction.Command(NewestVersion), @namespace, stackName, cancellationToken);

    public static Task<ReleaseVersion?> FindNewestVersionAsync(
        NpgsqlDataSource dataSource, string @namespace, string stackName, CancellationToken cancellationToken) =>
        NewestAsync(dataSource.CreateCommand(NewestVersion), @namespace, stackName, cancellationToken);

    private static async Task<ReleaseVersion?> NewestAsync(
        NpgsqlCommand command, string @namespace, string stackName, CancellationToken cancellationToken)
    {
        var versions = await command.With(@namespace).With(stackName).ListAsync(reader => ReleaseReader.ReadVersion(reader, 0), cancellationToken);
        return versions.FirstOrDefault();
    }

    public static async Task<IReadOnlySet<(ReleasePhase From, ReleasePhase To)>> ReadLegalTransitionsAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        (await dataSource.CreateCommand(LegalTransitions).ListAsync(
            reader => (ReleasePhases.FromSql(reader.GetString(0)), ReleasePhases.FromSql(reader.GetString(1))), cancellationToken)).ToHashSet();
}

/// <summary>By what an object applied again, also after a delete, is known to ask for the same.</summary>
internal readonly record struct ReleaseIdentity(string Namespace, string Name, Guid? StackUid, string SpecHash, string RerunToken)
{
    public NpgsqlCommand Ask(NpgsqlCommand command) =>
        command.With(Namespace).With(Name).With(StackUid).With(SpecHash).With(RerunToken);
}
