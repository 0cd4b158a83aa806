using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Slipway.Ledger.Slugs;
using Xunit;

namespace Slipway.Ledger.Tests.Slugs;

/// <summary>What holds for every name, also for those that nobody thought of.</summary>
public sealed class SlugPropertyTests
{
    private static readonly string[] Letters = [.. LatinLetters.Rows.SelectMany(row => row.Letters.EnumerateRunes()).Select(rune => rune.ToString())];

    /// <summary>Any sixteen bits are a piece of text, also half of a surrogate pair.</summary>
    private static readonly Gen<string> Piece = Gen.Frequency(
        (4, Gen.Choose('a', 'z').Select(number => $"{(char)number}")),
        (2, Gen.Elements("A", "Z", "0", "9", "-1", "-10", "admin", "\u0301", "\u200d")),
        (2, Gen.Elements("-", "--", " ", "_", ".")),
        (2, Gen.Elements(Letters)),
        (1, Gen.Choose(0, char.MaxValue).Select(number => $"{(char)number}")));

    /// <summary>Short names, and some that are too long for a slug.</summary>
    private static readonly Gen<string> Name = Gen.Frequency(
        (2, Piece.ListOf()),
        (1, Gen.Choose(55, 70).SelectMany(count => Piece.ListOf(count)))).Select(pieces => string.Concat(pieces));

    private static readonly Gen<string?> Maybe = Gen.Frequency((1, Gen.Constant<string?>(null)), (4, Name.Select(name => (string?)name)));

    private static readonly Gen<SlugAsk> Ask =
        from kind in Gen.Elements(SlugKind.Stack, SlugKind.Team)
        from texts in Maybe.Three()
        from fallback in Name
        select new SlugAsk(kind, texts.Item1, texts.Item2, fallback, texts.Item3);

    [Fact]
    public void A_base_is_a_slug() => ForAll(Ask, ask => SlugText.IsSlug(ask.Base).ShouldBeTrue(ask.Base));

    [Fact]
    public void Candidates_are_different_slugs_and_none_is_reserved() => ForAll(Ask, ask =>
    {
        ask.Candidates.Count.ShouldBeInRange(10, 12);
        ask.Candidates.ShouldBeUnique();
        ask.Candidates.ShouldAllBe(slug => SlugText.IsSlug(slug) && !ReservedSlugs.Contains(slug));
    });

    [Fact]
    public void Candidates_count_up_and_begin_as_the_base_does() => ForAll(Ask.Select(ask => ask with { Remembered = null }), ask =>
    {
        var numbered = ask.Candidates.Where(slug => slug != ask.Base).ToList();

        ask.Candidates.ShouldBe([.. ask.Candidates.Where(slug => slug == ask.Base), .. numbered]);
        numbered.Select(NumberOf).ShouldBe(numbered.Select(NumberOf).Order());
        numbered.Select(BeforeNumber).ShouldAllBe(beginning => ask.Base.StartsWith(beginning, StringComparison.Ordinal));
    });

    [Fact]
    public void Normalising_again_changes_nothing() => ForAll(Name, name =>
    {
        var slug = SlugText.Normalise(name);

        SlugText.Normalise(slug).ShouldBe(slug);
        slug.ShouldAllBe(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');
        slug.ShouldNotContain("--");
        slug.Trim('-').ShouldBe(slug);
    });

    [Fact]
    public void A_slug_as_a_name_gives_itself() => ForAll(Ask, ask =>
        new SlugAsk(ask.Kind, ask.Base, null, "fallback").Base.ShouldBe(ask.Base));

    [Fact]
    public void Case_makes_no_difference_to_latin_letters() => ForAll(Latin(Gen.Elements(Letters)), name =>
    {
        SlugText.Normalise(name.ToUpperInvariant()).ShouldBe(SlugText.Normalise(name));
        SlugText.Normalise(name.ToLowerInvariant()).ShouldBe(SlugText.Normalise(name));
    });

    [Fact]
    public void Letters_and_their_accents_may_come_as_one_character_or_as_more() =>
        ForAll(Latin(Gen.Elements(Accents.ByLetter.Keys.ToArray()).Select(letter => $"{letter}")), name =>
            SlugText.Normalise(Accents.Apart(name)).ShouldBe(SlugText.Normalise(name)));

    private static Gen<string> Latin(Gen<string> letter) =>
        Gen.Frequency((3, letter), (1, Gen.Elements("a", "Z", "7", " ", "-"))).ListOf().Select(pieces => string.Concat(pieces));

    private static string BeforeNumber(string slug) => slug[..slug.LastIndexOf('-')];

    private static int NumberOf(string slug) => int.Parse(slug[(slug.LastIndexOf('-') + 1)..]);

    private static void ForAll<T>(Gen<T> given, Action<T> holds) =>
        Prop.ForAll(given.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
