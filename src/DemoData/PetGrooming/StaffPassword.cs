using System.Security.Cryptography;

namespace Slipway.DemoData.PetGrooming;

/// <summary>
/// Documented passwords, in the form of <see href="https://github.com/P-H-C/phc-string-format">PHC strings</see>. They protect nothing: the
/// password is in the documentation, and the salt comes from the stream so that it is the same each time.
/// </summary>
internal static class StaffPassword
{
    public const int SaltBytes = 16;

    private const int Iterations = 10_000;
    private const int HashBytes = 32;

    /// <summary>The password of a member of staff, for example <c>grooming-manager1</c>.</summary>
    /// <param name="login">The part of the e-mail address before the at sign.</param>
    public static string Of(string login) => $"grooming-{login}";

    /// <summary>As <c>$pbkdf2-sha256$i=10000$salt$hash</c>.</summary>
    public static string Hash(string password, ReadOnlySpan<byte> salt)
    {
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, HashBytes);
        return FormattableString.Invariant($"$pbkdf2-sha256$i={Iterations}${Encode(salt)}${Encode(hash)}");
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
