using Shouldly;
using Xunit;

namespace Slipway.Kubernetes.Tests;

public sealed class ResourceVersionsTests
{
    [Theory]
    [InlineData("2", "10", -1)]
    [InlineData("10", "9", 1)]
    [InlineData("7", "7", 0)]
    [InlineData("99999999999999999999998", "99999999999999999999999", -1)]
    [InlineData("0", "1", -1)]
    [InlineData("01", "1", null)]
    [InlineData("abc", "1", null)]
    [InlineData("", "1", null)]
    [InlineData(null, "1", null)]
    [InlineData("1", "-1", null)]
    public void Compares_as_integers_of_any_size_or_not_at_all(string? one, string? other, int? expected)
    {
        var order = ResourceVersions.Compare(one, other);
        (order is { } found ? Math.Sign(found) : (int?)null).ShouldBe(expected);
    }
}
