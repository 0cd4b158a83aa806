using System.Globalization;

namespace Slipway.Operator;

/// <summary>Durations as people write them on a command line: a whole number with <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>,
/// up to a hundred years.</summary>
public static class Duration
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    private static readonly TimeSpan Longest = TimeSpan.FromDays(36500);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        foreach (var (unit, length) in Units.Where(entry => text.EndsWith(entry.Unit, StringComparison.Ordinal)))
        {
            if (int.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= Longest / length)
            {
                duration = length * count;
                return true;
            }
        }

        duration = default;
        return false;
    }
}
