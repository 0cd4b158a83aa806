using Shouldly;
using Xunit;

namespace Slipway.Operator.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("5ms", 0.005)]
    [InlineData("30s", 30)]
    [InlineData("10m", 600)]
    [InlineData("12h", 43_200)]
    [InlineData("90d", 7_776_000)]
    [InlineData("0s", 0)]
    public void Reads_a_whole_number_with_a_unit(string text, double seconds)
    {
        Duration.TryParse(text, out var duration).ShouldBeTrue();
        duration.TotalSeconds.ShouldBe(seconds);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("d")]
    [InlineData("-1h")]
    [InlineData("1.5h")]
    [InlineData("1w")]
    [InlineData("36501d")]
    [InlineData("2147483647d")]
    public void Refuses_everything_else(string text) => Duration.TryParse(text, out _).ShouldBeFalse();
}
