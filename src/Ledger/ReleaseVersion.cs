using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Slipway.Ledger;

/// <summary>
/// The version of a release, <c>YYYYMMDD.N</c>: the day in UTC and a number that counts from 1 on that day. Ordered by day, then
/// by number (<c>20261122.10</c> comes after <c>20261122.9</c>).
/// </summary>
public readonly record struct ReleaseVersion(DateOnly Day, int Number) : IComparable<ReleaseVersion>
{
    private const string DayFormat = "yyyyMMdd";

    /// <summary>
    /// The version after <paramref name="newest"/>: the next number of today, or 1 on a new day. If the clock stepped back, the
    /// day of the newest version is kept, so that versions only ever grow.
    /// </summary>
    public static ReleaseVersion Next(ReleaseVersion? newest, DateOnly today) => newest is { } last && last.Day >= today
        ? last with { Number = checked(last.Number + 1) }
        : new ReleaseVersion(today, 1);

    /// <summary>Reads exactly what <see cref="ToString"/> writes: eight digits, a dot, a number ≥ 1 without sign, space or leading zero.</summary>
    /// <exception cref="FormatException">It is anything else.</exception>
    public static ReleaseVersion Parse(string text) => TryParse(text, out var version)
        ? version
        : throw new FormatException($"'{text}' is not a version: expected YYYYMMDD.N, for example 20261122.3.");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out ReleaseVersion version)
    {
        version = default;
        if (text is not { Length: > 9 } || text[8] != '.' || text[9] is < '1' or > '9')
        {
            return false;
        }

        if (!DateOnly.TryParseExact(text.AsSpan(0, 8), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || !int.TryParse(text.AsSpan(9), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        version = new ReleaseVersion(day, number);
        return true;
    }

    public int CompareTo(ReleaseVersion other) => (Day, Number).CompareTo((other.Day, other.Number));

    public static bool operator <(ReleaseVersion left, ReleaseVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(ReleaseVersion left, ReleaseVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(ReleaseVersion left, ReleaseVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ReleaseVersion left, ReleaseVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Day.ToString(DayFormat, CultureInfo.InvariantCulture)}.{Number}");
}
