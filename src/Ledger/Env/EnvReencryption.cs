using Npgsql;

namespace Slipway.Ledger.Env;

/// <summary>Encrypts with the first key what an older one encrypted, so that the older one can be taken away.</summary>
internal sealed class EnvReencryption(NpgsqlDataSource dataSource, EnvCipher cipher)
{
    /// <summary>Whether there is anything to do, by the two ends of the index alone, whatever the key.</summary>
    public const string AnyOld = "SELECT coalesce(min(key_id) <> $1 OR max(key_id) <> $1, false) FROM slipway.env_revisions";

    /// <summary>In the order of the keys of the table, from a place on: what cannot be decrypted is passed over, and holds up nothing.</summary>
    public const string OldRevisions = """
        SELECT e.key_id, e.content, e.stack_id, e.number, s.namespace, s.name
        FROM slipway.env_revisions e JOIN slipway.stacks s ON s.id = e.stack_id
        WHERE e.key_id <> $1 AND (e.stack_id, e.number) > ($2, $3) ORDER BY e.stack_id, e.number LIMIT 100
        """;

    private const string RewriteRevision =
        "UPDATE slipway.env_revisions SET key_id = $3, content = $4 WHERE stack_id = $1 AND number = $2 AND key_id = $5";

    private const string OldIdentity = "SELECT key_id, content FROM slipway.env_identity WHERE key_id <> $1";

    private const string RewriteIdentity = "UPDATE slipway.env_identity SET key_id = $1, content = $2 WHERE key_id = $3";

    /// <returns>How many were encrypted anew.</returns>
    /// <exception cref="EnvKeyUnavailableException">There is no key to encrypt with, or one for some of them is missing; the others are done.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var count = await RewriteIdentityAsync(cancellationToken);
        if (!(await dataSource.CreateCommand(AnyOld).With(cipher.Primary).ListAsync(reader => reader.GetBoolean(0), cancellationToken)).Single())
        {
            return count;
        }

        var (stack, number) = (0L, 0L);
        EnvKeyUnavailableException? missing = null;
        while (await ListAsync(stack, number, cancellationToken) is { Count: > 0 } batch)
        {
            foreach (var old in batch)
            {
                (stack, number) = (old.StackId, old.Number);
                try
                {
                    count += await RewriteAsync(old, cancellationToken);
                }
                catch (EnvKeyUnavailableException error)
                {
                    missing ??= error;
                }
            }
        }

        return missing is null ? count : throw missing;
    }

    private Task<List<Old>> ListAsync(long stack, long number, CancellationToken cancellationToken) =>
        dataSource.CreateCommand(OldRevisions).With(cipher.Primary).With(stack).With(number).ListAsync(ReadOld, cancellationToken);

    private Task<int> RewriteAsync(Old old, CancellationToken cancellationToken)
    {
        var renewed = cipher.Encrypt(cipher.Decrypt(old.Cipher, old.Place), old.Place);
        return dataSource.CreateCommand(RewriteRevision)
            .With(old.StackId).With(old.Number).With(renewed.KeyId).With(renewed.Content).With(old.Cipher.KeyId)
            .RunAsync(cancellationToken);
    }

    private async Task<int> RewriteIdentityAsync(CancellationToken cancellationToken)
    {
        var old = await dataSource.CreateCommand(OldIdentity).With(cipher.Primary)
            .FirstAsync(reader => new EnvCiphertext(reader.GetString(0), reader.GetFieldValue<byte[]>(1)), cancellationToken);
        if (old is null)
        {
            return 0;
        }

        var renewed = cipher.Encrypt(cipher.Decrypt(old, EnvIdentities.Place), EnvIdentities.Place);
        return await dataSource.CreateCommand(RewriteIdentity).With(renewed.KeyId).With(renewed.Content).With(old.KeyId).RunAsync(cancellationToken);
    }

    private static Old ReadOld(NpgsqlDataReader reader) => new(
        new EnvCiphertext(reader.GetString(0), reader.GetFieldValue<byte[]>(1)),
        reader.GetInt64(2),
        reader.GetInt64(3),
        EnvRevisions.PlaceOf(reader.GetString(4), reader.GetString(5), reader.GetInt64(3)));

    private sealed record Old(EnvCiphertext Cipher, long StackId, long Number, string Place);
}
