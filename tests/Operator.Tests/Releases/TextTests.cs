using System.Text;
using Shouldly;
using Slipway.Operator.Releases;
using Xunit;

namespace Slipway.Operator.Tests.Releases;

public sealed class TextTests
{
    [Theory]
    [InlineData("x")]
    [InlineData("ß")]
    [InlineData("語")]
    [InlineData("🚢")]
    public void The_end_of_a_long_text_stays_and_no_character_is_cut(string character)
    {
        var text = string.Concat(Enumerable.Repeat(character, 5000)) + "the end";

        var cut = Text.CutFront(text);

        Encoding.UTF8.GetByteCount(cut).ShouldBeInRange(4090, 4096);
        cut.ShouldStartWith("…" + character);
        cut.ShouldEndWith(character + "the end");
        cut.ShouldNotContain("\uFFFD");
    }

    [Fact]
    public void A_short_text_stays_whole() => Text.CutFront("as it is").ShouldBe("as it is");
}
