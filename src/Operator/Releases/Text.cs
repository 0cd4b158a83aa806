using System.Text;

namespace Slipway.Operator.Releases;

/// <summary>Texts of others (pods, registries, the API server) as far as a status has room for them.</summary>
public static class Text
{
    private const int MostBytes = 4096;
    private const string Ellipsis = "…";

    /// <summary>At most 4 KiB of UTF-8, never ending within a character.</summary>
    public static string Cut(string text) => Cut(text, MostBytes);

    /// <summary>At most so many bytes of UTF-8, where something is to follow.</summary>
    public static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        var room = bytes - Encoding.UTF8.GetByteCount(Ellipsis);
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length] + Ellipsis;
    }

    /// <summary>Without NUL characters, which a database's text cannot have; a container may print anything.</summary>
    public static string Storable(string text) => text.Replace('\0', '\uFFFD');

    /// <summary>At most 4 KiB, for a text whose end tells the most: what is too much is taken away in front.</summary>
    public static string CutFront(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= MostBytes)
        {
            return text;
        }

        var start = bytes.Length - (MostBytes - Encoding.UTF8.GetByteCount(Ellipsis));
        while ((bytes[start] & 0b1100_0000) == 0b1000_0000)
        {
            start++;
        }

        return Ellipsis + Encoding.UTF8.GetString(bytes, start, bytes.Length - start);
    }
}
