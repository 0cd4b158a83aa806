using Npgsql;

namespace Slipway.Ledger.Env;

/// <summary>What became of patches, as the database has it.</summary>
internal static class EnvPatches
{
    private const string Select = """
        SELECT uid, stack_uid, outcome = 'applied', reason, message, revision, keys_set, keys_unset, total_keys, total_bytes, release, made
        FROM slipway.env_patches

        """;

    public const string ByUid = Select + "WHERE uid = $1";

    public const string Twin = Select + """
        WHERE namespace = $1 AND name = $2 AND stack_uid = $3 AND identity = $4 AND rerun_token = $5
        """;

    public const string MarkMade = "UPDATE slipway.env_patches SET made = true WHERE uid = $1 AND release AND NOT made";

    private const string Insert = """
        INSERT INTO slipway.env_patches
            (uid, namespace, name, stack_id, stack_uid, stack_name, identity, rerun_token, outcome, reason, message, revision,
             keys_set, keys_unset, total_keys, total_bytes, release, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::slipway.env_outcome, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """;

    public static Task InsertAsync(
        LedgerTransaction transaction, EnvPatchRequest request, StackRow stack, byte[] identity, EnvPatchRow row, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.Command(Insert)
            .With(request.Uid).With(request.Namespace).With(request.Name).With(stack.Id).With(stack.Uid).With(stack.Name)
            .With(identity).With(request.RerunToken).With(row.Applied ? "applied" : "rejected").With(row.Reason).With(row.Message)
            .With(row.Revision).With(row.KeysSet).With(row.KeysUnset).With(row.TotalKeys).With(row.TotalBytes).With(row.Release).With(now)
            .RunAsync(cancellationToken);

    public static NpgsqlCommand AskForTwin(NpgsqlCommand command, EnvPatchRequest request, byte[] identity) =>
        command.With(request.Namespace).With(request.Name).With(request.StackUid).With(identity).With(request.RerunToken);

    public static EnvPatchRow Read(NpgsqlDataReader reader) => new()
    {
        Uid = reader.GetGuid(0),
        StackUid = reader.GetGuid(1),
        Applied = reader.GetBoolean(2),
        Reason = reader.GetString(3),
        Message = reader.GetString(4),
        Revision = reader.Maybe<long>(5),
        KeysSet = reader.GetInt32(6),
        KeysUnset = reader.GetInt32(7),
        TotalKeys = reader.GetInt32(8),
        TotalBytes = reader.GetInt32(9),
        Release = reader.GetBoolean(10),
        Made = reader.GetBoolean(11),
    };
}
