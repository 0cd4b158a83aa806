using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Slipway.Ledger.Env;

/// <summary>
/// By what a patch that is applied again is known. A plain hash of its spec would tell whoever reads the database which values fit; so
/// the hash is keyed, and its key is stored encrypted as the values are.
/// </summary>
internal sealed class EnvIdentities(NpgsqlDataSource dataSource, EnvCipher cipher)
{
    public const string Place = "the identity of patches";

    private const string Find = "SELECT key_id, content FROM slipway.env_identity";

    private const string Insert = "INSERT INTO slipway.env_identity (key_id, content) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    /// <summary>Its key is read each time: the database may have been restored to a state of before that was made.</summary>
    /// <exception cref="EnvKeyUnavailableException">There is no key to read it with.</exception>
    public async Task<byte[]> OfAsync(string spec, CancellationToken cancellationToken)
    {
        var key = await ReadAsync(cancellationToken) ?? await MakeAsync(cancellationToken);
        return HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(spec));
    }

    /// <summary>An identity that no spec has.</summary>
    public static byte[] OfNothing() => RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    private async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await dataSource.CreateCommand(Find)
            .FirstAsync(reader => new EnvCiphertext(reader.GetString(0), reader.GetFieldValue<byte[]>(1)), cancellationToken);
        return stored is null ? null : cipher.Decrypt(stored, Place);
    }

    /// <summary>Whoever is first makes it for everybody.</summary>
    private async Task<byte[]> MakeAsync(CancellationToken cancellationToken)
    {
        var made = cipher.Encrypt(RandomNumberGenerator.GetBytes(EnvKeyRing.KeySize), Place);
        await dataSource.CreateCommand(Insert).With(made.KeyId).With(made.Content).RunAsync(cancellationToken);
        return await ReadAsync(cancellationToken) ?? throw new InvalidOperationException("The key of patches' identities vanished.");
    }
}
