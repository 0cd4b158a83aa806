using Shouldly;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Ledger;
using Slipway.Operator.Deployments;
using Xunit;

namespace Slipway.Operator.Tests.Deployments;

public sealed class StatusProjectionTests
{
    public static TheoryData<ReleasePhase> Phases => [.. Enum.GetValues<ReleasePhase>()];

    /// <summary>The table of kstatus: which of the three conditions says what in each phase.</summary>
    [Theory]
    [MemberData(nameof(Phases))]
    public void Says_Ready_Reconciling_and_Stalled_as_kstatus_reads_them(ReleasePhase phase)
    {
        var conditions = Project(Samples.Release(phase)).Conditions!;
        var over = phase is ReleasePhase.Active or ReleasePhase.Superseded or ReleasePhase.RolledBack;

        Status(conditions, WellKnown.Conditions.Ready).ShouldBe(over ? ConditionStatus.True : ConditionStatus.False);
        Status(conditions, WellKnown.Conditions.Reconciling).ShouldBe(phase.IsInFlight() ? ConditionStatus.True : null);
        Status(conditions, WellKnown.Conditions.Stalled).ShouldBe(
            phase is ReleasePhase.Failed or ReleasePhase.Cancelled ? ConditionStatus.True : null);
        conditions.ShouldAllBe(condition => condition.ObservedGeneration == 1 && condition.Reason != "" && condition.Message != "");
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public void Gives_every_phase_of_the_ledger_its_own_word(ReleasePhase phase) => phase.ToPhase().ToString().ShouldBe(phase.ToString());

    [Fact]
    public void Names_the_phase_as_the_reason_of_Ready_when_it_is_true() =>
        Condition(Project(Samples.Release(ReleasePhase.Superseded, ReleasePhase.Active)), WellKnown.Conditions.Ready).Reason.ShouldBe("Superseded");

    [Fact]
    public void Remembers_that_the_workload_was_ready_once() =>
        Condition(Project(Samples.Release(ReleasePhase.Superseded, ReleasePhase.Activating, ReleasePhase.Active)), DeploymentConditions.WorkloadReady)
            .Status.ShouldBe(ConditionStatus.True);

    [Fact]
    public void Has_no_version_no_image_and_no_times_before_they_are_known()
    {
        var status = StatusProjection.From(Samples.Observed(), new Plan(Step.Wait, Reasons.StackNotFound, "waiting"), Samples.Now);

        status.Phase.ShouldBe(DeploymentPhase.Pending);
        (status.Version, status.ImageReference, status.StartedAt, status.FinishedAt).ShouldBe((null, null, null, null));
        Condition(status, WellKnown.Conditions.Reconciling).Reason.ShouldBe(Reasons.StackNotFound);
    }

    [Fact]
    public void Is_bound_to_the_stack_of_first_sight_but_not_to_one_that_came_after_its_end()
    {
        var waiting = StatusProjection.From(Samples.Observed(), new Plan(Step.Wait, Reasons.WaitingForTurn, "waiting"), Samples.Now);
        var refused = Project(Samples.Release(ReleasePhase.Cancelled) with { StackUid = null, StackId = null, Version = null });

        waiting.StackUid.ShouldBe(Samples.StackUid.ToString());
        refused.StackUid.ShouldBeNull();
    }

    [Fact]
    public void Explains_a_failure()
    {
        var failure = Project(Samples.Release(ReleasePhase.Failed) with { LogTail = "boom" }).Failure!;

        (failure.Reason, failure.LogTail).ShouldBe((Reasons.ProgressDeadlineExceeded, "boom"));
    }

    [Fact]
    public void Keeps_the_phase_and_stalls_when_the_spec_was_edited()
    {
        var deployment = Samples.Deployment(image: "registry.example/shop:2");
        var observed = Samples.Observed(deployment, Samples.Release(ReleasePhase.Active));
        var status = StatusProjection.From(observed, Plan.From(observed, Samples.Now), Samples.Now);

        status.Phase.ShouldBe(DeploymentPhase.Active);
        Condition(status, WellKnown.Conditions.Stalled).Reason.ShouldBe(Reasons.SpecChanged);
        status.SpecHash.ShouldBe(observed.Release!.SpecHash);
    }

    [Fact]
    public void Cuts_a_message_to_4_KiB_and_never_within_a_character()
    {
        var status = Project(Samples.Release(ReleasePhase.Failed) with { Message = string.Concat(Enumerable.Repeat("ü€😀", 1000)) });

        var bytes = System.Text.Encoding.UTF8.GetByteCount(status.Failure!.Message);
        bytes.ShouldBeInRange(4090, 4096);
        status.Failure.Message.ShouldNotContain('\uFFFD');
    }

    [Fact]
    public void Leaves_what_is_over_alone_while_the_ledger_is_away()
    {
        var deployment = Samples.Deployment();
        var active = deployment with { Status = Project(Samples.Release(ReleasePhase.Active)) };

        StatusProjection.WhileLedgerIsAway(active, Samples.Now).ShouldBeNull();
        var waiting = StatusProjection.WhileLedgerIsAway(deployment, Samples.Now)!;
        Condition(waiting, WellKnown.Conditions.Reconciling).Reason.ShouldBe(Reasons.LedgerUnavailable);
    }

    private static DeploymentStatus Project(ReleaseRow release)
    {
        var observed = Samples.Observed(release: release);
        return StatusProjection.From(observed, release.Phase.IsInFlight() ? new Plan(Step.Settle) : Plan.From(observed, Samples.Now), Samples.Now);
    }

    private static Condition Condition(DeploymentStatus status, string type) => status.Conditions!.Single(condition => condition.Type == type);

    private static ConditionStatus? Status(IReadOnlyList<Condition> conditions, string type) =>
        conditions.SingleOrDefault(condition => condition.Type == type)?.Status;
}
