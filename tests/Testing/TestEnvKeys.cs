using System.Security.Cryptography;

namespace Slipway.Testing;

/// <summary>The key that operators under test encrypt variables with: one for the whole run, because they may share a ledger.</summary>
public static class TestEnvKeys
{
    private static readonly Lazy<string> Lazily = new(() => Write(Line("test")));

    /// <summary>A file as <c>--env-keys-file</c> wants it.</summary>
    public static string File => Lazily.Value;

    /// <summary>A new key.</summary>
    public static string Line(string id) => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    /// <summary>A new file with such lines.</summary>
    public static string Write(params IReadOnlyList<string> lines)
    {
        var path = Path.Combine(Path.GetTempPath(), $"slipway-test-{Guid.NewGuid():N}.keys");
        System.IO.File.WriteAllLines(path, lines);
        return path;
    }
}
