using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Leases;
using Xunit;

namespace Slipway.Kubernetes.Tests.Leases;

public sealed class LeaseOptionsTests
{
    private static readonly LeaseOptions Usual = new() { Key = new NamespacedName("ns", "lock"), Holder = "pod-1" };

    [Fact]
    public void The_defaults_are_those_of_client_go()
    {
        Usual.Validate();
        (Usual.Duration, Usual.RenewDeadline, Usual.RetryPeriod)
            .ShouldBe((TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2)));
        Usual.RequestTimeout.ShouldBe(TimeSpan.FromSeconds(5));
        (Usual with { RenewDeadline = TimeSpan.FromSeconds(1.5), RetryPeriod = TimeSpan.FromSeconds(1) }).RequestTimeout.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(10, 10, 2)]
    [InlineData(15, 2.4, 2)]
    [InlineData(15, 10, 0)]
    [InlineData(0.5, 0.4, 0.1)]
    [InlineData(15.5, 10, 2)]
    public void Refuses_times_that_do_not_fit_together(double duration, double deadline, double retry)
    {
        var options = Usual with
        {
            Duration = TimeSpan.FromSeconds(duration),
            RenewDeadline = TimeSpan.FromSeconds(deadline),
            RetryPeriod = TimeSpan.FromSeconds(retry),
        };

        Should.Throw<ArgumentException>(options.Validate);
    }

    [Fact]
    public void Refuses_a_lease_or_a_holder_without_a_name()
    {
        Should.Throw<ArgumentException>((Usual with { Key = new NamespacedName("", "lock") }).Validate);
        Should.Throw<ArgumentException>((Usual with { Key = new NamespacedName("ns", "") }).Validate);
        Should.Throw<ArgumentException>((Usual with { Holder = "" }).Validate).Message.ShouldContain("pod");
    }
}
