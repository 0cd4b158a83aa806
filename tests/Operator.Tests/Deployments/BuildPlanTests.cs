using Shouldly;
using Slipway.Crds;
using Slipway.Ledger;
using Slipway.Operator.Builds;
using Slipway.Operator.Deployments;
using Slipway.Operator.Tests.Builds;
using Xunit;

namespace Slipway.Operator.Tests.Deployments;

public sealed class BuildPlanTests
{
    [Theory]
    [InlineData(ReleasePhase.Pending, BuildStage.Absent, Step.StartBuild)]
    [InlineData(ReleasePhase.Pending, BuildStage.Waiting, Step.Wait)]
    [InlineData(ReleasePhase.Pending, BuildStage.Building, Step.BeginBuild)]
    [InlineData(ReleasePhase.Pending, BuildStage.Pushing, Step.BeginBuild)]
    [InlineData(ReleasePhase.Pending, BuildStage.Pushed, Step.BeginBuild)]
    [InlineData(ReleasePhase.Pending, BuildStage.SourceFailed, Step.BeginBuild)]
    [InlineData(ReleasePhase.Pending, BuildStage.PushFailed, Step.BeginBuild)]
    [InlineData(ReleasePhase.Building, BuildStage.Absent, Step.StartBuild)]
    [InlineData(ReleasePhase.Building, BuildStage.Waiting, Step.Wait)]
    [InlineData(ReleasePhase.Building, BuildStage.Building, Step.Wait)]
    [InlineData(ReleasePhase.Building, BuildStage.SourceFailed, Step.Fail)]
    [InlineData(ReleasePhase.Building, BuildStage.BuildFailed, Step.Fail)]
    [InlineData(ReleasePhase.Building, BuildStage.Pushing, Step.BeginPush)]
    [InlineData(ReleasePhase.Building, BuildStage.Pushed, Step.BeginPush)]
    [InlineData(ReleasePhase.Building, BuildStage.PushFailed, Step.BeginPush)]
    [InlineData(ReleasePhase.Pushing, BuildStage.Absent, Step.StartBuild)]
    [InlineData(ReleasePhase.Pushing, BuildStage.Building, Step.Wait)]
    [InlineData(ReleasePhase.Pushing, BuildStage.Pushing, Step.Wait)]
    [InlineData(ReleasePhase.Pushing, BuildStage.Pushed, Step.Deliver)]
    [InlineData(ReleasePhase.Pushing, BuildStage.PushFailed, Step.Fail)]
    [InlineData(ReleasePhase.Pushing, BuildStage.BuildFailed, Step.Fail)]
    public void Follows_the_containers_one_phase_at_a_time(ReleasePhase phase, BuildStage stage, Step step) =>
        StepFor(Observed(phase, stage), Samples.Now).ShouldBe(step);

    [Theory]
    [InlineData(ReleasePhase.Pending, BuildStage.Absent)]
    [InlineData(ReleasePhase.Pending, BuildStage.Waiting)]
    [InlineData(ReleasePhase.Building, BuildStage.Building)]
    [InlineData(ReleasePhase.Building, BuildStage.Absent)]
    [InlineData(ReleasePhase.Pushing, BuildStage.Pushing)]
    public void Ends_at_the_deadline_of_the_phase(ReleasePhase phase, BuildStage stage)
    {
        var plan = Plan.From(Observed(phase, stage), Samples.Now.AddMinutes(5));

        (plan.Step, plan.Reason).ShouldBe((Step.Fail, Reasons.Timeout));
        plan.Message.ShouldContain(phase.ToString());
    }

    [Theory]
    [InlineData(ReleasePhase.Pending, BuildStage.Pushed, Step.BeginBuild)]
    [InlineData(ReleasePhase.Building, BuildStage.Pushed, Step.BeginPush)]
    [InlineData(ReleasePhase.Pushing, BuildStage.Pushed, Step.Deliver)]
    public void What_was_done_before_the_deadline_counts_also_when_it_is_seen_later(ReleasePhase phase, BuildStage stage, Step step) =>
        StepFor(Observed(phase, stage), Samples.Now.AddHours(1)).ShouldBe(step);

    [Fact]
    public void An_operator_that_comes_back_looks_around_before_it_counts_a_deadline_that_has_passed()
    {
        var back = Samples.Now.AddHours(1);
        var observed = Observed(ReleasePhase.Building, BuildStage.Building) with { AtWorkSince = back };

        var plan = Plan.From(observed, back);
        (plan.Step, plan.After).ShouldBe((Step.Wait, TimeSpan.FromSeconds(15)));
        StepFor(observed, back.AddSeconds(15)).ShouldBe(Step.Fail);
    }

    [Fact]
    public void The_clock_of_a_release_whose_Job_exists_is_started_when_a_crash_prevented_it()
    {
        var observed = Observed(ReleasePhase.Pending, BuildStage.Waiting);

        StepFor(observed with { Release = observed.Release! with { DeadlineAt = null } }, Samples.Now).ShouldBe(Step.StartBuild);
    }

    [Fact]
    public void Once_the_image_is_delivered_the_build_does_not_matter_any_more()
    {
        var observed = Observed(ReleasePhase.Pushing, BuildStage.Absent);

        StepFor(observed with { Release = observed.Release! with { SlotRequestedAt = Samples.Now }, Build = null }, Samples.Now).ShouldBe(Step.TakeSlot);
    }

    [Theory]
    [InlineData(ReleasePhase.Activating, false)]
    [InlineData(ReleasePhase.Active, true)]
    [InlineData(ReleasePhase.Superseded, true)]
    [InlineData(ReleasePhase.Failed, true)]
    [InlineData(ReleasePhase.Cancelled, true)]
    public void The_Job_of_a_decided_release_is_removed_whenever_it_is_seen(ReleasePhase phase, bool removed)
    {
        var observed = Observed(phase, BuildStage.Pushed) with { Job = BuildSamples.Job() };

        (StepFor(observed, Samples.Now) == Step.RemoveJob).ShouldBe(removed);
        var leaving = BuildSamples.Job();
        StepFor(observed with { Job = leaving with { Metadata = leaving.Metadata with { DeletionTimestamp = Samples.Now } } }, Samples.Now).ShouldNotBe(Step.RemoveJob);
    }

    [Fact]
    public void An_object_that_goes_takes_its_Job_with_it_before_its_finalizer_is_removed()
    {
        var observed = Observed(ReleasePhase.Cancelled, BuildStage.Building) with { Job = BuildSamples.Job() };
        var deployment = observed.Deployment;
        var deleted = observed with { Deployment = deployment with { Metadata = deployment.Metadata with { DeletionTimestamp = Samples.Now } } };

        StepFor(deleted, Samples.Now).ShouldBe(Step.RemoveJob);
        StepFor(deleted with { Job = null }, Samples.Now).ShouldBe(Step.RemoveFinalizer);
    }

    private static Observed Observed(ReleasePhase phase, BuildStage stage)
    {
        var release = Samples.Release(phase) with { Source = ReleaseSourceKind.Git, Build = "{}" };
        return Samples.Observed(release: release) with { Build = new BuildProgress(stage, "what the pod says") };
    }

    private static Step StepFor(Observed observed, DateTimeOffset now) => Plan.From(observed, now).Step;
}
