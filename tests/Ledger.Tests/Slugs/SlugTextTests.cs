using Shouldly;
using Slipway.Ledger.Slugs;
using Xunit;

namespace Slipway.Ledger.Tests.Slugs;

public sealed class SlugTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" ", "")]
    [InlineData("-", "")]
    [InlineData("\0", "")]
    [InlineData("\ufffd", "")]
    [InlineData("支付", "")]
    [InlineData("a\0b", "a-b")]
    [InlineData("-a- -b-", "a-b")]
    [InlineData("AZaz09", "azaz09")]
    [InlineData("/:@[`{a", "a")]
    [InlineData("a\u00a0\u3000b", "a-b")]
    [InlineData("½ of a team", "of-a-team")]
    [InlineData("三 3 ٣", "3")]
    public void Leaves_letters_and_digits_with_single_hyphens_between_them(string text, string slug) => SlugText.Normalise(text).ShouldBe(slug);

    [Theory]
    [InlineData("e\u0301a", "ea")]
    [InlineData("\u0301a", "a")]
    [InlineData("a\u0301", "a")]
    [InlineData("co\u00adop", "coop")]
    [InlineData("a\u200b\u200c\u200d\u2060\ufeffb", "ab")]
    [InlineData("a\ufe0fb", "ab")]
    [InlineData("a \u0301 b", "a-b")]
    [InlineData("1\ufe0f\u20e3 2\ufe0f\u20e3", "1-2")]
    [InlineData("\u0301\u200d", "")]
    public void Marks_and_joiners_vanish_without_a_hyphen(string text, string slug) => SlugText.Normalise(text).ShouldBe(slug);

    [Fact]
    public void Half_an_emoji_is_one_more_character_without_a_place()
    {
        const char High = '\ud83d';
        const char Low = '\ude80';

        SlugText.Normalise($"a{High}").ShouldBe("a");
        SlugText.Normalise($"{Low}a").ShouldBe("a");
        SlugText.Normalise($"a{High}b{Low}{High}c").ShouldBe("a-b-c");
    }

    [Theory]
    [InlineData("ßẞ", "ssss")]
    [InlineData("æÆœŒ", "aeaeoeoe")]
    [InlineData("øØđĐðÐþÞ", "ooddddthth")]
    [InlineData("łŁħĦŧŦ", "llhhtt")]
    [InlineData("ıİĸŋŊŉſ", "iiknnns")]
    [InlineData("ɓƁƀɃƒƑɠƓǥǤ", "bbbbffgggg")]
    [InlineData("ɨƗƙƘƚȽɵƟƥƤʉɄƶƵ", "iikklloopp" + "uuzz")]
    [InlineData("əƏǝƎɛƐɔƆɣƔɩƖʊƱ", "eeeeeeooggiiuu")]
    [InlineData("ŀĿẚǾǼǮ", "llaoaez")]
    public void Letters_that_do_not_come_apart_have_a_form_of_their_own(string text, string slug) => SlugText.Normalise(text).ShouldBe(slug);

    [Theory]
    [InlineData("K\u212b", "ka")]
    [InlineData("ﬀﬁﬂﬃﬄﬅﬆ", "fffiflffifflstst")]
    [InlineData("ĳǆǉǌ", "ijdzljnj")]
    [InlineData("ⁿ²₃ªº", "n23ao")]
    [InlineData("①⑳㊿", "12050")]
    [InlineData("ⅣⅫↀ", "ivxii")]
    [InlineData("𝐀𝒷𝔠𝟗", "abc9")]
    [InlineData("ᴀʙᴄ", "abc")]
    public void Ligatures_and_styled_letters_become_plain_ones(string text, string slug) => SlugText.Normalise(text).ShouldBe(slug);

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("a-b")]
    [InlineData("a--b")]
    [InlineData("my-team-10")]
    public void A_slug_is_a_label_of_a_host_name(string text) => SlugText.IsSlug(text).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("é")]
    [InlineData("٣")]
    [InlineData("a\n")]
    [InlineData("\na")]
    public void Nothing_else_is_one(string text) => SlugText.IsSlug(text).ShouldBeFalse();

    [Fact]
    public void A_slug_has_at_most_63_characters()
    {
        SlugText.IsSlug(new string('a', SlugText.Longest)).ShouldBeTrue();
        SlugText.IsSlug(new string('a', SlugText.Longest + 1)).ShouldBeFalse();
        SlugText.Longest.ShouldBe(63);
    }
}
