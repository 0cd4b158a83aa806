using System.Buffers.Binary;
using System.Text;

namespace Slipway.Crds.Meta;

/// <summary>
/// Hands out one string for equal texts, found by their bytes before any string is made: most texts of a cached object (types,
/// reasons, messages, labels) are those of thousands of others. It holds a fixed number of strings and forgets the less used of two
/// that want one place. Thread-safe without locks: a lost race makes a second copy, and nothing worse.
/// </summary>
public sealed class StringPool
{
    /// <summary>Most bytes of a text that is held; longer ones are rarely repeated. Only plain ASCII is held.</summary>
    public const int Longest = 64;

    /// <summary>Most strings that are held at a time.</summary>
    public const int Capacity = 2 * Sets;

    private const int Sets = 2048;
    private const ulong Mix = 0x9E3779B97F4A7C15;

    // Two places a set, the one used last in front.
    private readonly string?[] _places = new string?[Capacity];

    // A text gets a place when it is seen again, so that names and versions, which differ in every object, push out nobody.
    private readonly uint[] _seen = new uint[Capacity];

    /// <summary>The text as a string, the same one as before if it is still held; null for a text that is never held.</summary>
    public string? Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > Longest)
        {
            return utf8.Length == 0 ? "" : null;
        }

        var hash = Hash(utf8);
        var place = 2 * (int)(hash % Sets);
        ref var front = ref _places[place];
        ref var back = ref _places[place + 1];
        if (front is { } first && Ascii.Equals(utf8, first))
        {
            return first;
        }

        if (back is { } second && Ascii.Equals(utf8, second))
        {
            (back, front) = (front, second);
            return second;
        }

        if (!Ascii.IsValid(utf8))
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(utf8);
        if (IsSeenAgain(hash))
        {
            (back, front) = (front, text);
        }

        return text;
    }

    private bool IsSeenAgain(ulong hash)
    {
        ref var seen = ref _seen[(int)(hash % Capacity)];
        var print = (uint)(hash >> 32);
        if (seen == print)
        {
            return true;
        }

        seen = print;
        return false;
    }

    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length;
        for (; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..])
        {
            hash = Add(hash, BinaryPrimitives.ReadUInt64LittleEndian(text));
        }

        var rest = 0UL;
        foreach (var character in text)
        {
            rest = (rest << 8) | character;
        }

        return Add(hash, rest);
    }

    private static ulong Add(ulong hash, ulong part)
    {
        hash = (hash ^ part) * Mix;
        return hash ^ (hash >> 29);
    }
}
