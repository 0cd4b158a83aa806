using Shouldly;
using Slipway.Ledger.Slugs;
using Xunit;

namespace Slipway.Ledger.Tests.Slugs;

public sealed class SlugPageTests
{
    public static TheoryData<int> Rows() => [.. Enumerable.Range(0, SlugPage.Names.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_name_of_the_table_gives_the_slug_beside_it(int row)
    {
        var (name, slug) = SlugPage.Names[row];

        First(name).ShouldBe(slug);
        First(null, fallback: name).ShouldBe(slug);
        First("Another", wanted: name).ShouldBe(slug);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Case_makes_no_difference_to_a_name_of_the_table(int row)
    {
        var (name, slug) = SlugPage.Names[row];

        First(name.ToUpperInvariant()).ShouldBe(slug);
        First(name.ToLowerInvariant()).ShouldBe(slug);
    }

    [Fact]
    public void Accents_of_their_own_make_no_difference_to_the_names_of_the_table()
    {
        var accented = SlugPage.Names.Where(row => Accents.Apart(row.Name) != row.Name).ToList();

        accented.Count.ShouldBeGreaterThan(8);
        accented.ShouldAllBe(row => First(Accents.Apart(row.Name)) == row.Slug);
    }

    [Fact]
    public void The_table_shows_every_sort_of_name()
    {
        var names = SlugPage.Names;

        names.Count.ShouldBeGreaterThanOrEqualTo(25);
        names.Select(row => row.Name).ShouldBeUnique();
        names.ShouldContain(row => row.Name.Length == 300);
        names.ShouldContain(row => row.Name.All(char.IsAsciiDigit));
        names.ShouldContain(row => ReservedSlugs.Contains(row.Name));
        names.ShouldContain(row => row.Name.Contains('\u0301'));
        names.Count(row => row.Slug == "team").ShouldBeGreaterThan(4);
    }

    [Fact]
    public void The_reserved_words_are_those_of_the_page() => ReservedSlugs.All.ShouldBe(SlugPage.ReservedWords);

    private static string First(string? displayName, string? wanted = null, string fallback = "fallback") =>
        new SlugAsk(SlugKind.Team, wanted, displayName, fallback).Candidates[0];
}
