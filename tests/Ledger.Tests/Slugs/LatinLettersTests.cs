using System.Globalization;
using System.Text;
using Shouldly;
using Slipway.Ledger.Slugs;
using Xunit;

namespace Slipway.Ledger.Tests.Slugs;

/// <summary>The table is long, and its letters look alike: what can be said of all of them.</summary>
public sealed class LatinLettersTests
{
    /// <summary>An editor that normalises what it saves would lose some of them without a trace.</summary>
    [Fact]
    public void No_letter_is_lost_or_there_twice()
    {
        var letters = LatinLetters.Rows.SelectMany(row => row.Letters.EnumerateRunes()).ToList();

        letters.Count.ShouldBe(1870);
        letters.ShouldBeUnique();
        LatinLetters.Rows.Select(row => row.Ascii).ShouldBeUnique();
    }

    [Fact]
    public void Every_letter_is_one_outside_of_ascii_and_gives_a_few_of_a_slug()
    {
        foreach (var letter in All())
        {
            letter.IsAscii.ShouldBeFalse(Show(letter));
            (Rune.IsLetter(letter) || Rune.IsNumber(letter)).ShouldBeTrue(Show(letter));
            var ascii = LatinLetters.Find(letter).ShouldNotBeNull(Show(letter));
            ascii.Length.ShouldBeInRange(1, 4, Show(letter));
            ascii.ShouldAllBe(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character), Show(letter));
        }
    }

    [Fact]
    public void Digits_and_numbers_keep_their_value()
    {
        var numbers = All().Where(letter => int.TryParse(LatinLetters.Find(letter), out _)).ToList();

        numbers.Count.ShouldBeGreaterThan(100);
        numbers.ShouldAllBe(number => Rune.GetNumericValue(number) == int.Parse(LatinLetters.Find(number)!));
    }

    [Fact]
    public void Roman_numerals_keep_their_value()
    {
        string[] numerals = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
        const int One = 'Ⅰ';

        for (var value = 1; value <= numerals.Length; value++)
        {
            LatinLetters.Find(new Rune(One + value - 1)).ShouldBe(numerals[value - 1]);
        }
    }

    [Fact]
    public void Capitals_give_what_their_small_letters_give()
    {
        foreach (var letter in All())
        {
            SlugText.Normalise(Rune.ToUpperInvariant(letter).ToString()).ShouldBe(LatinLetters.Find(letter), Show(letter));
            SlugText.Normalise(Rune.ToLowerInvariant(letter).ToString()).ShouldBe(LatinLetters.Find(letter), Show(letter));
        }
    }

    /// <summary>Letters of a row follow one another in Unicode, so that one which strayed in is seen.</summary>
    [Fact]
    public void Mathematical_and_fullwidth_alphabets_are_whole_and_in_order()
    {
        const int Fullwidth = 'ａ';
        const int Bold = 0x1D41A;

        for (var index = 0; index < 26; index++)
        {
            var letter = $"{(char)('a' + index)}";
            LatinLetters.Find(new Rune(Fullwidth + index)).ShouldBe(letter);
            LatinLetters.Find(new Rune(Bold + index)).ShouldBe(letter);
        }
    }

    private static IEnumerable<Rune> All() => LatinLetters.Rows.SelectMany(row => row.Letters.EnumerateRunes());

    private static string Show(Rune letter) => string.Create(CultureInfo.InvariantCulture, $"U+{letter.Value:X4} {letter}");
}
