using Npgsql;

namespace Slipway.Ledger.Tests.Env;

/// <summary>The audit of one revision, as the table has it.</summary>
internal sealed record RevisionRecord(
    long Number, long? Generation, Guid? PatchUid, int TotalBytes, string Keys, string Overridden, string KeysSet, string KeysUnset)
{
    public const string Select = """
        SELECT number, generation, patch_uid, total_bytes, array_to_string(keys, ' '), array_to_string(overridden, ' '),
               array_to_string(keys_set, ' '), array_to_string(keys_unset, ' ')
        FROM slipway.env_revisions WHERE stack_id = $1 ORDER BY number
        """;

    public static RevisionRecord Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.Maybe<long>(1), reader.Maybe<Guid>(2), reader.GetInt32(3),
        reader.GetString(4), reader.GetString(5), reader.GetString(6), reader.GetString(7));
}
