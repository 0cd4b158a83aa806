using Shouldly;
using Xunit;

namespace Slipway.Ledger.Tests;

public sealed class ReleaseVersionTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [Theory]
    [InlineData("20261122.1", 2026, 11, 22, 1)]
    [InlineData("20261122.10", 2026, 11, 22, 10)]
    [InlineData("20240229.2147483647", 2024, 2, 29, int.MaxValue)]
    [InlineData("00010101.1", 1, 1, 1, 1)]
    public void Reads_what_it_writes(string text, int year, int month, int day, int number)
    {
        var version = ReleaseVersion.Parse(text);
        version.ShouldBe(new ReleaseVersion(new DateOnly(year, month, day), number));
        version.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("20261122")]
    [InlineData("20261122.")]
    [InlineData("20261122.0")]
    [InlineData("20261122.01")]
    [InlineData("20261122.-1")]
    [InlineData("20261122.+1")]
    [InlineData("20261122. 1")]
    [InlineData("20261122.1 ")]
    [InlineData(" 20261122.1")]
    [InlineData("20261122.1.2")]
    [InlineData("20261122.1a")]
    [InlineData("20261122,1")]
    [InlineData("20261322.1")]
    [InlineData("20260229.1")]
    [InlineData("2026-11-22.1")]
    [InlineData("v20261122.1")]
    [InlineData("20261122.2147483648")]
    [InlineData("２０２６１１２２.1")]
    [InlineData("20261122.1٣")]
    public void Reads_nothing_else(string? text)
    {
        ReleaseVersion.TryParse(text, out var version).ShouldBeFalse();
        version.ShouldBe(default);
        if (text is not null)
        {
            Should.Throw<FormatException>(() => ReleaseVersion.Parse(text)).Message.ShouldContain("YYYYMMDD.N");
        }
    }

    [Fact]
    public void Orders_by_day_and_then_by_number_not_by_text()
    {
        ReleaseVersion[] ordered = [.. new[] { "20261121.99", "20261122.1", "20261122.2", "20261122.10", "20261123.1" }.Select(ReleaseVersion.Parse)];

        ordered.Reverse().Order().ShouldBe(ordered);
        (ordered[3] > ordered[2]).ShouldBeTrue();
        (ordered[2] < ordered[3]).ShouldBeTrue();
        (ordered[2] <= ordered[2] && ordered[2] >= ordered[2]).ShouldBeTrue();
    }

    [Fact]
    public void Counts_from_one_every_day()
    {
        ReleaseVersion.Next(null, Today).ShouldBe(new ReleaseVersion(Today, 1));
        ReleaseVersion.Next(new ReleaseVersion(Today, 9), Today).ShouldBe(new ReleaseVersion(Today, 10));
        ReleaseVersion.Next(new ReleaseVersion(Today.AddDays(-1), 9), Today).ShouldBe(new ReleaseVersion(Today, 1));
    }

    [Fact]
    public void Keeps_the_day_of_the_newest_if_the_clock_stepped_back() =>
        ReleaseVersion.Next(new ReleaseVersion(Today, 3), Today.AddDays(-400)).ShouldBe(new ReleaseVersion(Today, 4));

    [Fact]
    public void Refuses_to_wrap_around() =>
        Should.Throw<OverflowException>(() => ReleaseVersion.Next(new ReleaseVersion(Today, int.MaxValue), Today));
}
