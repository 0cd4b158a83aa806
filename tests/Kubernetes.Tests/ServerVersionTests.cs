using Shouldly;
using Xunit;

namespace Slipway.Kubernetes.Tests;

public sealed class ServerVersionTests
{
    [Theory]
    [InlineData("1", "20", 1, 20, true)]
    [InlineData("1", "20", 1, 21, false)]
    [InlineData("1", "27+", 1, 27, true)]
    [InlineData("1", "9", 1, 10, false)]
    [InlineData("2", "0", 1, 35, true)]
    [InlineData("", "", 1, 20, false)]
    public void Compares_as_numbers_and_forgives_suffixes(string major, string minor, int wantedMajor, int wantedMinor, bool expected) =>
        new ServerVersion { Major = major, Minor = minor }.IsAtLeast(wantedMajor, wantedMinor).ShouldBe(expected);
}
