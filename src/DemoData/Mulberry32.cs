namespace Slipway.DemoData;

/// <summary>
/// The 32-bit generator of Tommy Ettinger: small, quick, and the same numbers in every language and on every machine, which
/// <see cref="Random"/> does not promise. Each state is met once in a period of 2³². Not for secrets.
/// </summary>
/// <param name="seed">Where the stream begins.</param>
public sealed class Mulberry32(uint seed)
{
    private const uint Step = 0x6D2B79F5;

    /// <summary>Where the stream stands. Set to an earlier value, the numbers since then come again.</summary>
    public uint State { get; set; } = seed;

    public uint Next()
    {
        State = unchecked(State + Step);
        unchecked
        {
            var mixed = (State ^ (State >> 15)) * (State | 1);
            mixed ^= mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61));
            return mixed ^ (mixed >> 14);
        }
    }

    /// <summary>From 0 up to, not including, 1.</summary>
    public double NextDouble() => Next() / 4294967296.0;

    /// <summary>From 0 up to, not including, <paramref name="max"/>. Of the numbers, none is favoured by more than max in 2³².</summary>
    public int Next(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        return (int)(((ulong)Next() * (uint)max) >> 32);
    }
}
