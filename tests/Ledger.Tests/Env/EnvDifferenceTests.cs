using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

public sealed class EnvDifferenceTests
{
    [Theory]
    [InlineData("", "A=1", "A", "")]
    [InlineData("A=1", "A=2", "A", "")]
    [InlineData("A=1", "A=1", "", "")]
    [InlineData("A=1", "", "", "A")]
    [InlineData("A=1", "A=", "A", "")]
    [InlineData("A=1", "a=1", "a", "A")]
    [InlineData("C=1,B=1,A=1", "E=1,D=1,A=2", "A,D,E", "B,C")]
    public void Tells_what_is_new_or_another_value_and_what_is_gone(string before, string after, string set, string unset)
    {
        var difference = EnvDifference.Between(Change.Variables(Words(before)), Change.Variables(Words(after)));

        string.Join(',', difference.KeysSet).ShouldBe(set);
        string.Join(',', difference.KeysUnset).ShouldBe(unset);
    }

    private static string[] Words(string words) => words.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
