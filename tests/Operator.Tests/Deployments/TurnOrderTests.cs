using Shouldly;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Operator.Deployments;
using Xunit;

namespace Slipway.Operator.Tests.Deployments;

public sealed class TurnOrderTests
{
    private static readonly DateTimeOffset Early = Samples.Now.AddMinutes(-2);

    [Fact]
    public void Goes_by_time_of_creation_and_then_by_name()
    {
        var first = Samples.Deployment("b", created: Early);
        var second = Samples.Deployment("c", created: Early);
        var third = Samples.Deployment("a", created: Early.AddSeconds(1));
        Deployment[] all = [third, second, first];

        TurnOrder.Ahead(first, all).ShouldBeNull();
        TurnOrder.Ahead(second, all).ShouldBe(first);
        TurnOrder.Ahead(third, all).ShouldBe(first);
    }

    [Fact]
    public void Passes_over_what_is_deleted_cancelled_invalid_edited_admitted_or_over()
    {
        var self = Samples.Deployment("z", created: Early.AddSeconds(9));
        var other = Samples.Deployment("a", created: Early);

        TurnOrder.Ahead(self, [other]).ShouldBe(other);
        TurnOrder.Ahead(self, [other with { Metadata = other.Metadata with { DeletionTimestamp = Early } }]).ShouldBeNull();
        TurnOrder.Ahead(self, [other with { Spec = other.Spec with { Cancel = true } }]).ShouldBeNull();
        TurnOrder.Ahead(self, [other with { Spec = other.Spec with { Source = new ReleaseSource() } }]).ShouldBeNull();
        TurnOrder.Ahead(self, [other with { Status = new DeploymentStatus { SpecHash = "edited" } }]).ShouldBeNull();
        TurnOrder.Ahead(self, [other with { Status = new DeploymentStatus { Version = "20261122.1" } }]).ShouldBeNull();
        TurnOrder.Ahead(self, [other with { Status = new DeploymentStatus { Phase = DeploymentPhase.Failed } }]).ShouldBeNull();
    }

    [Fact]
    public void Is_not_held_up_by_a_clock_that_lags_far_behind()
    {
        var self = Samples.Deployment(created: Samples.Now.AddMinutes(3));

        TurnOrder.UntilSecondHasPassed(self, Samples.Now).ShouldBe(TimeSpan.Zero);
    }
}
