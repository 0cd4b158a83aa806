using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;

namespace Slipway.Ledger;

/// <summary>How a release is read: one row carries its transitions too, so that no read is followed by one per row.</summary>
internal static class ReleaseReader
{
    /// <summary>Every move of the release that <c>releases</c> or <c>r</c> is, as JSON.</summary>
    public const string TransitionsOf = $"{Transitions} WHERE t.release_id = releases.id)";

    private const string Transitions = """
        (SELECT coalesce(json_agg(json_build_object('id', t.id, 'from', t.from_phase, 'to', t.to_phase, 'at', t.at,
                                                    'reason', t.reason, 'message', t.message) ORDER BY t.id), '[]')
         FROM slipway.transitions t
        """;

    private const string Own = """
        r.id, r.uid, r.namespace, r.name, r.stack_id, r.stack_uid, r.stack_name, r.spec_hash, r.rerun_token, r.phase::text,
        r.version_day, r.version_number, r.image, r.image_reference, r.digest, r.digests, r.pinned, r.exclusive, r.template::text,
        r.requested_by, r.reason, r.message, r.log_tail, r.attempts, r.collisions,
        r.created_at, r.started_at, r.finished_at, r.deadline_at, r.slot_requested_at, r.sequence
        """;

    private const string Source = "r.source::text, r.rollback_day, r.rollback_number, r.build::text, r.revision, r.asked_at, r.env_revision";

    /// <summary>Continue with WHERE; the release is <c>r</c>. Finds what is not archived.</summary>
    public const string Select = $"""
        SELECT {Own}, successor.version_day, successor.version_number, {Transitions} WHERE t.release_id = r.id)::text, {Source}
        FROM slipway.releases r LEFT JOIN slipway.releases successor ON successor.id = r.superseded_by

        """;

    private const string SelectArchived = $"""
        SELECT {Own}, r.superseded_day, r.superseded_number, r.transitions::text, {Source} FROM slipway.releases_archive r

        """;

    /// <summary>Both what is archived and what is not; the release is <c>r</c> in the condition, and each is found once.</summary>
    public static string Everywhere(string where) => $"{Select}{where}\nUNION ALL\n{SelectArchived}{where}";

    public static ReleaseRow Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetInt64(0),
        Uid = reader.GetGuid(1),
        Namespace = reader.GetString(2),
        Name = reader.GetString(3),
        StackId = reader.Maybe<long>(4),
        StackUid = reader.Maybe<Guid>(5),
        StackName = reader.GetString(6),
        SpecHash = reader.GetString(7),
        RerunToken = reader.GetString(8),
        Phase = ReleasePhases.FromSql(reader.GetString(9)),
        Version = ReadVersion(reader, 10),
        Image = reader.MaybeText(12),
        ImageReference = reader.MaybeText(13),
        Digest = reader.MaybeText(14),
        Digests = reader.GetFieldValue<string[]>(15),
        Pinned = reader.GetBoolean(16),
        Exclusive = reader.GetBoolean(17),
        Template = reader.MaybeText(18),
        RequestedBy = reader.MaybeText(19),
        Reason = reader.GetString(20),
        Message = reader.GetString(21),
        LogTail = reader.MaybeText(22),
        Attempts = reader.GetInt32(23),
        Collisions = reader.GetInt32(24),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(25),
        StartedAt = reader.Maybe<DateTimeOffset>(26),
        FinishedAt = reader.Maybe<DateTimeOffset>(27),
        DeadlineAt = reader.Maybe<DateTimeOffset>(28),
        SlotRequestedAt = reader.Maybe<DateTimeOffset>(29),
        Sequence = reader.Maybe<long>(30),
        SupersededBy = ReadVersion(reader, 31),
        Transitions = ReadTransitions(reader.GetString(33)),
        Source = ReleaseSourceKinds.FromSql(reader.GetString(34)),
        RollbackOf = ReadVersion(reader, 35),
        Build = reader.MaybeText(37),
        Revision = reader.MaybeText(38),
        AskedAt = reader.Maybe<DateTimeOffset>(39),
        EnvRevision = reader.Maybe<long>(40),
    };

    public static ReleaseVersion? ReadVersion(NpgsqlDataReader reader, int ordinal) =>
        reader.Maybe<DateOnly>(ordinal) is { } day ? new ReleaseVersion(day, reader.GetInt32(ordinal + 1)) : null;

    private static TransitionRow[] ReadTransitions(string json) =>
        [.. JsonSerializer.Deserialize(json, LedgerJson.Default.TransitionJsonArray)!.Select(entry => entry.ToRow())];
}

internal sealed record TransitionJson(long Id, string? From, string To, DateTimeOffset At, string Reason, string Message)
{
    public TransitionRow ToRow() =>
        new(Id, From is null ? null : ReleasePhases.FromSql(From), ReleasePhases.FromSql(To), At, Reason, Message);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TransitionJson[]))]
internal sealed partial class LedgerJson : JsonSerializerContext;
