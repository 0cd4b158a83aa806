using Slipway.Operator.Tests.Integration;

namespace Slipway.Operator.Tests.Chaos;

/// <summary>A release's row, and its moves in their order, joined by commas.</summary>
public sealed record RecordedRelease(
    string Uid, string Name, string StackUid, string SpecHash, string RerunToken, string Phase, string Version, string Image, string Template, string Moves)
{
    private static readonly string[] InFlightPhases = ["pending", "building", "pushing", "activating"];

    public bool IsInFlight => InFlightPhases.Contains(Phase);
}

/// <summary>What the ledger says of one namespace.</summary>
/// <param name="Releases">All that there ever were.</param>
/// <param name="Stacks">Sequence by the UIDs of the stacks that live.</param>
/// <param name="Activations">Image by the step at which its release became Activating.</param>
public sealed record LedgerView(
    IReadOnlyList<RecordedRelease> Releases, IReadOnlyDictionary<string, string> Stacks, IReadOnlyDictionary<string, string> Activations)
{
    private const string AllReleases = """
        SELECT uid::text, name, coalesce(stack_uid::text, ''), spec_hash, rerun_token, phase::text,
               CASE WHEN version_day IS NULL THEN '' ELSE to_char(version_day, 'YYYYMMDD') || '.' || version_number END,
               coalesce(image_reference, ''), coalesce(template::text, ''),
               (SELECT string_agg(to_phase::text, ',' ORDER BY t.id) FROM slipway.transitions t WHERE t.release_id = r.id)
        FROM slipway.releases r WHERE namespace = $1 ORDER BY id
        """;

    private const string LiveStacks = "SELECT uid::text, sequence::text FROM slipway.stacks WHERE namespace = $1 AND lifecycle = 'live'";

    private const string AllActivations = """
        SELECT t.id::text, r.image_reference FROM slipway.transitions t JOIN slipway.releases r ON r.id = t.release_id
        WHERE r.namespace = $1 AND t.to_phase = 'activating'
        """;

    public static async Task<LedgerView> ReadAsync(LedgerDatabase ledger, string @namespace)
    {
        Task<IReadOnlyList<string[]>> RowsAsync(string sql) =>
            ledger.QueryAsync(sql, row => Enumerable.Range(0, row.FieldCount).Select(row.GetString).ToArray(), @namespace);

        var (releases, stacks, activations) = (await RowsAsync(AllReleases), await RowsAsync(LiveStacks), await RowsAsync(AllActivations));
        return new LedgerView(
            [.. releases.Select(row => new RecordedRelease(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9]))],
            stacks.ToDictionary(row => row[0], row => row[1]),
            activations.ToDictionary(row => row[0], row => row[1]));
    }
}
