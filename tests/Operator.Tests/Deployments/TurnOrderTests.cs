using Shouldly;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
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

    [Theory]
    [InlineData(Concurrency.Reject, false)]
    [InlineData(Concurrency.Queue, true)]
    public void Who_brings_variables_holds_up_nobody_who_may_not_wait(Concurrency policy, bool holdsUp)
    {
        var bringer = Samples.Deployment("a", created: Early) is var one
            ? one with { Spec = one.Spec with { Source = new ReleaseSource { Current = new CurrentSource { EnvRevision = 7 } } } }
            : null!;
        var self = Samples.Deployment("b", created: Early.AddSeconds(1));

        (TurnOrder.Ahead(self, TurnOrder.InLine(self, Samples.Stack(policy), [bringer, self])) == bringer).ShouldBe(holdsUp);
    }

    [Theory]
    [InlineData(Reasons.EnvTooLarge, true)]
    [InlineData(Reasons.EnvKeyUnavailable, true)]
    [InlineData(Reasons.TeamNotFound, true)]
    [InlineData(Reasons.TeamNotReady, true)]
    [InlineData(Reasons.TeamDeleting, true)]
    [InlineData(Reasons.DeploymentInProgress, false)]
    public void A_rollback_passes_those_that_wait_for_the_stacks_variables_or_its_team(string reason, bool passes)
    {
        var held = Samples.Deployment("a", created: Early) with
        {
            Status = new DeploymentStatus
            {
                Conditions = [new Condition { Type = WellKnown.Conditions.Reconciling, Status = ConditionStatus.True, Reason = reason, Message = "", LastTransitionTime = Early }],
            },
        };
        var behind = Samples.Deployment("b", created: Early);
        var rollback = Rollback("c");
        Deployment[] all = [held, behind, rollback, Rollback("d")];

        (TurnOrder.Ahead(rollback, TurnOrder.InLine(rollback, Samples.Stack(), all)) is null).ShouldBe(passes);
        TurnOrder.Ahead(behind, TurnOrder.InLine(behind, Samples.Stack(), all)).ShouldBe(held);
        TurnOrder.Ahead(all[3], TurnOrder.InLine(all[3], Samples.Stack(), all)).ShouldBe(passes ? rollback : held);
    }

    [Fact]
    public void Is_not_held_up_by_a_clock_that_lags_far_behind()
    {
        var self = Samples.Deployment(created: Samples.Now.AddMinutes(3));

        TurnOrder.UntilSecondHasPassed(self, Samples.Now).ShouldBe(TimeSpan.Zero);
    }

    private static Deployment Rollback(string name)
    {
        var deployment = Samples.Deployment(name, created: Early);
        return deployment with { Spec = deployment.Spec with { Source = new ReleaseSource { Rollback = new RollbackSource { Version = "20261122.1" } } } };
    }
}
