namespace Slipway.Ledger.Env;

/// <summary>The keys that variables are encrypted with: the first encrypts, all decrypt.</summary>
public sealed class EnvKeyRing
{
    /// <summary>Bytes of a key: AES-256.</summary>
    public const int KeySize = 32;

    private const int LongestId = 64;

    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    private EnvKeyRing(string primary) => Primary = primary;

    /// <summary>Id of the key that encrypts.</summary>
    public string Primary { get; }

    /// <summary>Reads lines of <c>id:base64</c>; empty ones and those that begin with # are passed over.</summary>
    /// <exception cref="FormatException">A line is not of that form, or there is none. Says which line, never what is in it.</exception>
    public static EnvKeyRing Parse(string text)
    {
        EnvKeyRing? ring = null;
        var number = 0;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var (id, key) = ParseLine(line, number);
            ring ??= new EnvKeyRing(id);
            if (!ring._keys.TryAdd(id, key))
            {
                throw new FormatException($"line {number} has the id of an earlier one");
            }
        }

        return ring ?? throw new FormatException("there is no key in it");
    }

    /// <exception cref="EnvKeyUnavailableException">There is no such key.</exception>
    public byte[] Get(string id) => _keys.TryGetValue(id, out var key)
        ? key
        : throw new EnvKeyUnavailableException($"the key \"{id}\", with which variables were encrypted, is not among the operator's keys; put it back, below the first one");

    private static (string Id, byte[] Key) ParseLine(string line, int number)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var id = colon < 1 ? "" : line[..colon].Trim();
        if (id.Length is 0 or > LongestId || !id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
        {
            throw new FormatException($"line {number} is not <id>:<base64 of {KeySize} bytes>; an id has letters, digits, '-', '_' and '.', {LongestId} at most");
        }

        var key = new byte[KeySize];
        return Convert.TryFromBase64String(line[(colon + 1)..].Trim(), new byte[line.Length], out var length) && length == KeySize
            && Convert.TryFromBase64String(line[(colon + 1)..].Trim(), key, out _)
            ? (id, key)
            : throw new FormatException($"line {number}: what follows the id is not the base64 of {KeySize} bytes; make one with \"openssl rand -base64 {KeySize}\"");
    }
}
