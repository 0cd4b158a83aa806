using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Slipway.House.Tests;

/// <summary>What the pages of this repository point at.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages() => new(Checkout.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_within_the_repository_leads_somewhere(string page)
    {
        var broken = Link().Matches(Checkout.Read(page))
            .Select(match => match.Groups[1].Value)
            .Where(target => !IsElsewhere(target) && !LeadsSomewhere(page, target));

        broken.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("README.md", "docs/runtime.md", true)]
    [InlineData("README.md", "docs/runtime.md#guarantees", true)]
    [InlineData("docs/runtime.md", "#flow", true)]
    [InlineData("docs/runtime.md", "../README.md#layout-of-the-repository", true)]
    [InlineData("docs/runtime.md", "README.md", false)]
    [InlineData("README.md", "docs/runtime.md#flows", false)]
    public void A_page_or_a_heading_that_does_not_exist_is_found(string page, string target, bool leads) =>
        LeadsSomewhere(page, target).ShouldBe(leads);

    private static bool IsElsewhere(string target) =>
        target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal);

    private static bool LeadsSomewhere(string page, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0]);
        return (Checkout.Exists(path) || Directory.Exists(Checkout.PathOf(path))) && (parts.Length == 1 || AnchorsOf(path).Contains(parts[1]));
    }

    /// <summary>What GitHub makes of headings.</summary>
    private static IEnumerable<string> AnchorsOf(string page) =>
        Heading().Matches(Code().Replace(Checkout.Read(page), ""))
            .Select(match => NoAnchor().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex("^#+ (.+?)\\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]", RegexOptions.CultureInvariant)]
    private static partial Regex NoAnchor();
}
