using Shouldly;
using Slipway.Kubernetes.Leases;
using Xunit;

namespace Slipway.Kubernetes.Tests.Leases;

public sealed class FencingTokenTests
{
    private static readonly FencingToken Earlier = new("uid-1", 4, "99");

    [Fact]
    public void Later_terms_of_one_lease_are_greater()
    {
        Earlier.CompareTo(new FencingToken("uid-1", 5, "130")).ShouldBeLessThan(0);
        Earlier.CompareTo(Earlier).ShouldBe(0);
        Earlier.CompareTo(null).ShouldBeGreaterThan(0);
    }

    /// <summary>The count starts anew when the Lease does; the cluster's history does not.</summary>
    [Fact]
    public void Terms_of_a_lease_that_was_created_anew_are_greater_than_those_before() =>
        Earlier.CompareTo(new FencingToken("uid-2", 0, "100")).ShouldBeLessThan(0);

    [Fact]
    public void Without_an_order_of_versions_it_says_so() =>
        Should.Throw<InvalidOperationException>(() => Earlier.CompareTo(new FencingToken("uid-2", 0, "abc"))).Message.ShouldContain("abc");
}
