using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;

namespace Slipway.Ledger.Env;

/// <summary>Revisions as the database has them. Whoever writes one holds the stack's row.</summary>
internal sealed class EnvRevisions(EnvCipher cipher)
{
    public const string ByNumber = "SELECT key_id, content FROM slipway.env_revisions WHERE stack_id = $1 AND number = $2";

    /// <summary>What is known of a revision without a key.</summary>
    public const string NamesByNumber =
        "SELECT number, stack_uid, keys, overridden, total_bytes FROM slipway.env_revisions WHERE stack_id = $1 AND number = $2";

    private const string Insert = """
        INSERT INTO slipway.env_revisions
            (stack_id, number, stack_uid, generation, patch_uid, at, total_bytes, key_id, content, keys, overridden, keys_set, keys_unset)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;

    private const string Advance = """
        UPDATE slipway.stacks
        SET env_revision = $2, env_baseline_revision = CASE WHEN $3 THEN $2 ELSE env_baseline_revision END
        WHERE id = $1
        """;

    /// <summary>What stands; empty while there is no revision.</summary>
    public async Task<EnvSet> ReadNewestAsync(LedgerTransaction transaction, StackRow stack, CancellationToken cancellationToken)
    {
        if (stack.EnvRevision is not { } newest)
        {
            return EnvSet.Empty;
        }

        var stored = await transaction.Command(ByNumber).With(stack.Id).With(newest).FirstAsync(ReadCipher, cancellationToken);
        return Open(stored ?? throw Missing(stack, newest), stack, newest);
    }

    public async Task<EnvSet> ReadAsync(NpgsqlDataSource dataSource, StackRow stack, long number, CancellationToken cancellationToken)
    {
        var stored = await dataSource.CreateCommand(ByNumber).With(stack.Id).With(number).FirstAsync(ReadCipher, cancellationToken);
        return Open(stored ?? throw Missing(stack, number), stack, number);
    }

    /// <summary>Writes the next revision, and makes it the stack's newest.</summary>
    /// <returns>Its number.</returns>
    public async Task<long> WriteAsync(
        LedgerTransaction transaction, StackRow stack, NewRevision revision, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var number = (stack.EnvRevision ?? 0) + 1;
        var plain = JsonSerializer.SerializeToUtf8Bytes(
            new EnvContent(revision.Set.Baseline, revision.Set.Overlay), EnvJson.Default.EnvContent);
        var sealedContent = cipher.Encrypt(plain, PlaceOf(stack.Namespace, stack.Name, number));
        var effective = revision.Set.Effective();
        await transaction.Command(Insert)
            .With(stack.Id).With(number).With(stack.Uid).With(revision.Generation).With(revision.PatchUid).With(now).With(revision.TotalBytes)
            .With(sealedContent.KeyId).With(sealedContent.Content).With(effective.Keys.ToArray()).With(revision.Set.Overridden().ToArray())
            .With(revision.Difference.KeysSet.ToArray()).With(revision.Difference.KeysUnset.ToArray())
            .RunAsync(cancellationToken);
        await transaction.Command(Advance).With(stack.Id).With(number).With(revision.Generation is not null).RunAsync(cancellationToken);
        return number;
    }

    public static EnvRevision ReadNames(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetGuid(1), reader.GetFieldValue<string[]>(2), reader.GetFieldValue<string[]>(3), reader.GetInt32(4));

    /// <summary>Where a revision belongs: it decrypts nowhere else.</summary>
    public static string PlaceOf(string @namespace, string name, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"the variables of stack {@namespace}/{name}, revision {number}");

    private EnvSet Open(EnvCiphertext stored, StackRow stack, long number)
    {
        var content = JsonSerializer.Deserialize(
            cipher.Decrypt(stored, PlaceOf(stack.Namespace, stack.Name, number)), EnvJson.Default.EnvContent)!;
        return new EnvSet(content.Baseline, content.Overlay);
    }

    private static EnvCiphertext ReadCipher(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetFieldValue<byte[]>(1));

    private static InvalidOperationException Missing(StackRow stack, long number) =>
        new($"the ledger has no revision {number} of the variables of stack {stack.Namespace}/{stack.Name}");
}

/// <summary>What a change of a stack's variables made.</summary>
/// <param name="Set">The whole set.</param>
/// <param name="Difference">What the change did.</param>
/// <param name="TotalBytes">Size of the set.</param>
/// <param name="Generation">Generation of the Stack whose object said so; or else</param>
/// <param name="PatchUid">the patch that did.</param>
internal sealed record NewRevision(EnvSet Set, EnvDifference Difference, int TotalBytes, long? Generation, Guid? PatchUid);

internal sealed record EnvContent(IReadOnlyDictionary<string, string> Baseline, IReadOnlyDictionary<string, string?> Overlay);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EnvContent))]
internal sealed partial class EnvJson : JsonSerializerContext;
