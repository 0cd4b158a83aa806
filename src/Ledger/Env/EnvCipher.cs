using System.Security.Cryptography;
using System.Text;

namespace Slipway.Ledger.Env;

/// <summary>Something encrypted, and with which key.</summary>
internal sealed record EnvCiphertext(string KeyId, byte[] Content);

/// <summary>AES-256-GCM. What is stored is nonce, tag and ciphertext; it decrypts only in the place that it was encrypted for.</summary>
/// <param name="keys">The keys of now.</param>
internal sealed class EnvCipher(Func<EnvKeyRing> keys)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>Id of the key that encrypts now.</summary>
    /// <exception cref="EnvKeyUnavailableException">There is none.</exception>
    public string Primary => keys().Primary;

    /// <exception cref="EnvKeyUnavailableException">There is no key.</exception>
    public EnvCiphertext Encrypt(byte[] plain, string place)
    {
        var ring = keys();
        var content = new byte[NonceSize + TagSize + plain.Length];
        var nonce = content.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(ring.Get(ring.Primary), TagSize);
        aes.Encrypt(nonce, plain, content.AsSpan(NonceSize + TagSize), content.AsSpan(NonceSize, TagSize), Encoding.UTF8.GetBytes(place));
        return new EnvCiphertext(ring.Primary, content);
    }

    /// <exception cref="EnvKeyUnavailableException">Its key is missing, or it is another one of the same id.</exception>
    public byte[] Decrypt(EnvCiphertext cipher, string place)
    {
        var content = cipher.Content;
        if (content.Length < NonceSize + TagSize)
        {
            throw Misfit(cipher, place);
        }

        var plain = new byte[content.Length - NonceSize - TagSize];
        using var aes = new AesGcm(keys().Get(cipher.KeyId), TagSize);
        try
        {
            aes.Decrypt(
                content.AsSpan(0, NonceSize), content.AsSpan(NonceSize + TagSize), content.AsSpan(NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(place));
            return plain;
        }
        catch (AuthenticationTagMismatchException error)
        {
            throw Misfit(cipher, place, error);
        }
    }

    private static EnvKeyUnavailableException Misfit(EnvCiphertext cipher, string place, Exception? inner = null) =>
        new($"the key \"{cipher.KeyId}\" does not fit what is stored for {place}: it is another one of that id, or what is stored was changed", inner);
}
