using Shouldly;
using Slipway.Ledger.Slugs;
using Xunit;

namespace Slipway.Ledger.Tests.Slugs;

public sealed class SlugAskTests
{
    private static readonly SlugAsk Plain = new(SlugKind.Team, Wanted: null, DisplayName: null, "plain");

    [Theory]
    [InlineData("Wanted", "Display", "wanted")]
    [InlineData(null, "Display", "display")]
    [InlineData("", "Display", "display")]
    [InlineData(" \t\u3000", "Display", "display")]
    [InlineData(null, null, "plain")]
    [InlineData("", "", "plain")]
    [InlineData("\n", " ", "plain")]
    public void A_wish_comes_before_a_display_name_and_that_before_the_name(string? wanted, string? displayName, string expected) =>
        (Plain with { Wanted = wanted, DisplayName = displayName }).Base.ShouldBe(expected);

    [Theory]
    [InlineData(SlugKind.Stack, "stack")]
    [InlineData(SlugKind.Team, "team")]
    public void A_name_without_anything_usable_gives_the_word_of_the_kind(SlugKind kind, string word)
    {
        var ask = new SlugAsk(kind, Wanted: null, DisplayName: "🚀", "plain");

        ask.Base.ShouldBe(word);
        ask.Candidates[0].ShouldBe(word);
        (ask with { Wanted = "支付" }).Base.ShouldBe(word);
        (ask with { DisplayName = "\u200d" }).Base.ShouldBe(word, "what cannot be seen is not white space");
        (ask with { DisplayName = null, Fallback = "--" }).Base.ShouldBe(word);
        kind.ToSql().ShouldBe(word);
    }

    [Fact]
    public void The_words_of_the_kinds_are_not_reserved() =>
        Enum.GetValues<SlugKind>().ShouldAllBe(kind => !ReservedSlugs.Contains(kind.Word()));

    [Fact]
    public void There_are_eleven_candidates_and_the_plain_one_is_the_first() => Plain.Candidates.ShouldBe(
        ["plain", "plain-1", "plain-2", "plain-3", "plain-4", "plain-5", "plain-6", "plain-7", "plain-8", "plain-9", "plain-10"]);

    [Theory]
    [InlineData("Admin")]
    [InlineData("slipway-system")]
    [InlineData("ＷＷＷ")]
    public void A_reserved_word_is_given_with_a_number_only(string name)
    {
        var ask = Plain with { DisplayName = name };

        ReservedSlugs.Contains(ask.Base).ShouldBeTrue();
        ask.Candidates.Count.ShouldBe(10);
        ask.Candidates[0].ShouldBe($"{ask.Base}-1");
        ask.Candidates[^1].ShouldBe($"{ask.Base}-10");
    }

    [Fact]
    public void Nothing_that_only_contains_a_reserved_word_is_reserved()
    {
        ReservedSlugs.Contains("administrators").ShouldBeFalse();
        ReservedSlugs.Contains("my-admin").ShouldBeFalse();
        ReservedSlugs.Contains("ADMIN").ShouldBeFalse("it is no slug in the first place");
    }

    [Fact]
    public void Reserved_words_are_slugs_in_order_and_leave_all_with_a_number_free()
    {
        ReservedSlugs.All.ShouldBe(ReservedSlugs.All.Order(StringComparer.Ordinal));
        ReservedSlugs.All.ShouldBeUnique();
        ReservedSlugs.All.ShouldAllBe(word => SlugText.IsSlug(word) && SlugText.Normalise(word) == word);
        ReservedSlugs.All.ShouldAllBe(word => !char.IsAsciiDigit(word.Last()));
    }

    [Fact]
    public void Long_bases_are_cut_so_that_the_number_fits()
    {
        var ask = Plain with { DisplayName = new string('a', 300) };

        ask.Candidates[0].ShouldBe(new string('a', 63));
        ask.Candidates[1].ShouldBe(new string('a', 61) + "-1");
        ask.Candidates[10].ShouldBe(new string('a', 60) + "-10");
    }

    [Fact]
    public void No_hyphen_is_left_where_a_base_was_cut()
    {
        var beforeNumber = Plain with { DisplayName = $"{new string('a', 60)}-b" };
        var beforeEnd = Plain with { DisplayName = $"{new string('a', 62)}-b" };

        beforeNumber.Candidates[0].ShouldBe($"{new string('a', 60)}-b");
        beforeNumber.Candidates[1].ShouldBe($"{new string('a', 60)}-1");
        beforeNumber.Candidates[10].ShouldBe($"{new string('a', 60)}-10");
        beforeEnd.Base.ShouldBe(new string('a', 62));
    }

    [Theory]
    [InlineData(60, "-3")]
    [InlineData(61, "-3")]
    [InlineData(60, "-10")]
    public void A_long_base_that_ends_like_a_candidate_gives_that_once(int length, string suffix)
    {
        var name = new string('a', length) + suffix;
        var ask = Plain with { DisplayName = name };

        ask.Base.ShouldBe(name);
        ask.Candidates.ShouldBeUnique();
        ask.Candidates.Count.ShouldBe(10);
        ask.Candidates[0].ShouldBe(name);
    }

    [Fact]
    public void A_remembered_slug_comes_first_and_once()
    {
        (Plain with { Remembered = "former-7" }).Candidates.ShouldBe(["former-7", .. Plain.Candidates]);
        (Plain with { Remembered = "plain-2" }).Candidates.ShouldBe(["plain-2", .. Plain.Candidates.Where(slug => slug != "plain-2")]);
        (Plain with { Remembered = "plain" }).Candidates.ShouldBe(Plain.Candidates);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Former")]
    [InlineData("-former")]
    [InlineData("former\n")]
    [InlineData("admin")]
    public void What_is_no_slug_or_reserved_is_not_remembered(string remembered) =>
        (Plain with { Remembered = remembered }).Candidates.ShouldBe(Plain.Candidates);

    [Fact]
    public void A_changed_copy_has_candidates_of_its_own()
    {
        Plain.Candidates[0].ShouldBe("plain");
        var copy = Plain with { Fallback = "other" };

        copy.Base.ShouldBe("other");
        copy.Candidates[0].ShouldBe("other");
        copy.Candidates.ShouldBeSameAs(copy.Candidates);
    }

    [Fact]
    public void Two_that_ask_for_the_same_are_equal()
    {
        var first = new SlugAsk(SlugKind.Team, "a", "b", "c", "d");
        var second = new SlugAsk(SlugKind.Team, "a", "b", "c", "d");
        first.Candidates.Count.ShouldBe(12);

        second.ShouldBe(first);
        second.GetHashCode().ShouldBe(first.GetHashCode());
        (first with { Kind = SlugKind.Stack }).ShouldNotBe(first);
        (first with { Wanted = null }).ShouldNotBe(first);
        (first with { DisplayName = null }).ShouldNotBe(first);
        (first with { Fallback = "" }).ShouldNotBe(first);
        (first with { Remembered = null }).ShouldNotBe(first);
    }
}
