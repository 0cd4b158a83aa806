using System.Text.RegularExpressions;
using Shouldly;
using Slipway.Operator.Commands;
using Xunit;

namespace Slipway.House.Tests;

/// <summary><c>docs/options.md</c> says of the operator's options what its help says.</summary>
public sealed partial class OptionsPageTests
{
    private static readonly string Page = Checkout.Read("docs/options.md");

    public static TheoryData<string> Flags() => new(OperatorCommand.Options.Select(option => option.Flag));

    [Theory]
    [MemberData(nameof(Flags))]
    public void The_page_has_every_option_with_its_variable_and_its_default(string flag)
    {
        var option = OperatorCommand.Options.Single(one => one.Flag == flag);

        Page.ShouldContain($"\n| `{flag}` | `{option.Variable}` | {(option.Default is { } value ? $"`{value}` |" : "")}");
    }

    [Fact]
    public void The_page_has_no_option_that_does_not_exist() =>
        Row().Matches(Page).Select(match => match.Groups[1].Value).ShouldBe(OperatorCommand.Options.Select(option => option.Flag), ignoreOrder: true);

    [GeneratedRegex("^\\| `(--[a-z-]+)` \\|", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Row();
}
