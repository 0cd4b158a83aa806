using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Ledger.Slugs;

/// <summary>What a slug looks like, and what a name looks like as one.</summary>
public static partial class SlugText
{
    /// <summary>Characters that a slug has at most, its suffix included: as many as a label of a host name may have.</summary>
    public const int Longest = 63;

    /// <summary>
    /// The text in lower case, without diacritics, each run of other characters one hyphen, and none at the ends. Not cut, and empty when
    /// nothing usable is in it.
    /// </summary>
    public static string Normalise(string text)
    {
        var slug = new StringBuilder(text.Length);
        var apart = false;
        // Half of a surrogate pair comes as U+FFFD, which is as good as any other character that has no place in a slug.
        foreach (var rune in text.EnumerateRunes().Where(rune => !IsUnseen(rune)))
        {
            var letters = ToAscii(rune);
            if (apart && letters is not null && slug.Length > 0)
            {
                slug.Append('-');
            }

            slug.Append(letters);
            apart = letters is null;
        }

        return slug.ToString();
    }

    /// <summary>Whether it could be given to something: a label of a host name in lower case.</summary>
    public static bool IsSlug(string text) => Slug().IsMatch(text);

    /// <summary>At most so many characters of a normalised text, and no hyphen where it was cut.</summary>
    internal static string Cut(string normalised, int length) => normalised.Length <= length ? normalised : normalised[..length].TrimEnd('-');

    /// <summary>An accent of its own, or a joiner or soft hyphen: it stands within a word, and does not end it.</summary>
    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format;

    private static string? ToAscii(Rune rune) => rune switch
    {
        { IsAscii: false } => LatinLetters.Find(rune),
        _ when char.IsAsciiLetterOrDigit((char)rune.Value) => $"{char.ToLowerInvariant((char)rune.Value)}",
        _ => null,
    };

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Slug();
}
