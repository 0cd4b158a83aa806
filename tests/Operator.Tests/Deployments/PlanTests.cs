using Shouldly;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;
using Slipway.Operator.Deployments;
using Xunit;

namespace Slipway.Operator.Tests.Deployments;

public sealed class PlanTests
{
    [Fact]
    public void Persists_the_finalizer_before_anything_is_written_to_the_ledger()
    {
        var deployment = Samples.Deployment();
        var fresh = deployment with { Metadata = deployment.Metadata with { Finalizers = null } };

        StepFor(Samples.Observed(fresh)).ShouldBe(Step.AddFinalizer);
    }

    [Fact]
    public void Admits_what_is_valid_and_has_its_turn() => StepFor(Samples.Observed()).ShouldBe(Step.Admit);

    [Fact]
    public void Waits_for_a_stack_that_is_not_there_yet()
    {
        var plan = Plan.From(Samples.Observed() with { Stack = null }, Samples.Now);

        plan.Step.ShouldBe(Step.Wait);
        plan.Reason.ShouldBe(Reasons.StackNotFound);
        plan.Message.ShouldContain("shop");
    }

    [Fact]
    public void Waits_while_the_stack_is_suspended()
    {
        var stack = Samples.Stack();
        var plan = Plan.From(Samples.Observed(stack: stack with { Spec = stack.Spec with { Suspend = true } }), Samples.Now);

        (plan.Step, plan.Reason).ShouldBe((Step.Wait, Reasons.Suspended));
    }

    [Fact]
    public void Waits_while_the_stacks_template_cannot_run_a_release()
    {
        var plan = Plan.From(Samples.Observed(stack: Samples.Stack(podSpec: """{"containers":[{"name":"web"}]}""")), Samples.Now);

        (plan.Step, plan.Reason).ShouldBe((Step.Wait, Reasons.InvalidTemplate));
        plan.Message.ShouldContain("web");
    }

    [Theory]
    [InlineData(Reasons.TeamNotFound)]
    [InlineData(Reasons.TeamNotReady)]
    [InlineData(Reasons.TeamDeleting)]
    public void Waits_while_the_stack_waits_for_its_team_unless_it_is_a_rollback(string reason)
    {
        var waits = new Operator.Releases.StackProblem(reason, "waiting for Team pay");
        var deployment = Samples.Deployment();
        var rollback = deployment with { Spec = deployment.Spec with { Source = new ReleaseSource { Rollback = new RollbackSource { Version = "20261122.1" } } } };

        var plan = Plan.From(Samples.Observed() with { TeamProblem = waits }, Samples.Now);

        (plan.Step, plan.Reason).ShouldBe((Step.Wait, reason));
        plan.Message.ShouldContain("waiting for Team pay");
        StepFor(Samples.Observed(rollback) with { TeamProblem = waits }).ShouldBe(Step.Admit);
        StepFor(Samples.Observed(stack: Samples.Stack(Concurrency.Parallel)) with { TeamProblem = waits }).ShouldBe(Step.Wait);
    }

    [Fact]
    public void A_release_that_was_admitted_before_does_not_wait_for_a_team()
    {
        var waits = new Operator.Releases.StackProblem(Reasons.TeamNotFound, "waiting for Team pay");

        StepFor(Samples.Observed(release: Samples.Release(ReleasePhase.Pending)) with { TeamProblem = waits }).ShouldNotBe(Step.Wait);
    }

    [Fact]
    public void Is_not_admitted_on_a_stack_that_is_going_away()
    {
        var stack = Samples.Stack();
        var leaving = stack with { Metadata = stack.Metadata with { DeletionTimestamp = Samples.Now } };

        (var step, var reason) = Decide(Samples.Observed(stack: leaving));
        (step, reason).ShouldBe((Step.RefuseCancelled, Reasons.StackDeleting));
    }

    [Fact]
    public void Is_not_admitted_on_another_stack_of_the_name_it_was_bound_to()
    {
        var deployment = Samples.Deployment() with { Status = new DeploymentStatus { StackUid = Guid.NewGuid().ToString() } };

        Decide(Samples.Observed(deployment)).ShouldBe((Step.RefuseCancelled, Reasons.StackDeleting));
    }

    [Fact]
    public void Lets_others_go_first_under_Queue_and_not_under_Parallel()
    {
        var ahead = Samples.Deployment("shop-0");

        Decide(Samples.Observed() with { Ahead = ahead }).ShouldBe((Step.Wait, Reasons.WaitingForTurn));
        StepFor(Samples.Observed(stack: Samples.Stack(Concurrency.Parallel)) with { Ahead = ahead }).ShouldBe(Step.Admit);
    }

    [Fact]
    public void Waits_under_Queue_until_the_second_of_its_creation_has_passed()
    {
        var created = Samples.Deployment(created: Samples.Now.AddMilliseconds(-400));
        var plan = Plan.From(Samples.Observed(created), Samples.Now);

        plan.Step.ShouldBe(Step.Wait);
        plan.After.ShouldBe(TimeSpan.FromMilliseconds(600));
        Plan.From(Samples.Observed(created), Samples.Now.AddMilliseconds(600)).Step.ShouldBe(Step.Admit);
    }

    [Theory]
    [InlineData("", Reasons.InvalidImage)]
    [InlineData("Not An Image", Reasons.InvalidImage)]
    public void Refuses_a_name_that_is_no_image(string image, string reason) =>
        Decide(Samples.Observed(Samples.Deployment(image: image))).ShouldBe((Step.Refuse, reason));

    [Fact]
    public void Refuses_no_source_two_sources_and_a_rollback_to_what_is_no_version()
    {
        Decide(Samples.Observed(WithSource(new ReleaseSource()))).ShouldBe((Step.Refuse, Reasons.InvalidSpec));
        var two = new ReleaseSource { Image = "shop:1", Rollback = new RollbackSource { Version = "20261122.1" } };
        Decide(Samples.Observed(WithSource(two))).ShouldBe((Step.Refuse, Reasons.InvalidSpec));
        var rollback = new ReleaseSource { Rollback = new RollbackSource { Version = "20261122.01" } };
        Decide(Samples.Observed(WithSource(rollback))).ShouldBe((Step.Refuse, Reasons.InvalidSpec));
    }

    [Fact]
    public void Refuses_a_name_of_64_characters_and_takes_63()
    {
        Decide(Samples.Observed(Samples.Deployment(new string('a', 64)))).ShouldBe((Step.Refuse, Reasons.InvalidName));
        StepFor(Samples.Observed(Samples.Deployment(new string('a', 63)))).ShouldBe(Step.Admit);
    }

    [Fact]
    public void Says_no_to_an_invalid_spec_even_when_its_stack_is_missing() =>
        StepFor(Samples.Observed(WithSource(new ReleaseSource())) with { Stack = null }).ShouldBe(Step.Refuse);

    [Fact]
    public void Does_not_follow_a_spec_that_was_edited_after_first_sight()
    {
        var deployment = Samples.Deployment() with { Status = new DeploymentStatus { SpecHash = "another" } };

        Decide(Samples.Observed(deployment)).ShouldBe((Step.Stall, Reasons.SpecChanged));
    }

    [Fact]
    public void Runs_nothing_again_when_the_ledger_has_forgotten_the_version()
    {
        var deployment = Samples.Deployment() with { Status = new DeploymentStatus { Version = "20261122.9" } };

        Decide(Samples.Observed(deployment)).ShouldBe((Step.Stall, Reasons.LedgerBehind));
    }

    [Fact]
    public void Runs_nothing_that_was_refused_by_a_ledger_that_has_forgotten_it()
    {
        var rejected = new PhaseTransition { To = DeploymentPhase.Failed, At = Samples.Now, Reason = Reasons.DeploymentInProgress };
        var deployment = Samples.Deployment() with { Status = new DeploymentStatus { Phase = DeploymentPhase.Failed, Transitions = [rejected] } };

        Decide(Samples.Observed(deployment)).ShouldBe((Step.Stall, Reasons.LedgerBehind));
    }

    [Theory]
    [InlineData(ReleasePhase.Pending)]
    [InlineData(ReleasePhase.Activating)]
    public void Cancels_in_flight_releases_on_request_and_on_deletion(ReleasePhase phase)
    {
        var deployment = Samples.Deployment();
        var asked = deployment with { Spec = deployment.Spec with { Cancel = true } };
        var deleted = deployment with { Metadata = deployment.Metadata with { DeletionTimestamp = Samples.Now } };

        Decide(Samples.Observed(asked, Samples.Release(phase))).ShouldBe((Step.Cancel, Reasons.Cancelled));
        Decide(Samples.Observed(deleted, Samples.Release(phase))).ShouldBe((Step.Cancel, Reasons.ObjectDeleted));
    }

    [Fact]
    public void Cancels_what_waits_for_good_so_that_nobody_admits_it_later()
    {
        var deployment = Samples.Deployment();
        var asked = deployment with { Spec = deployment.Spec with { Cancel = true } };
        var deleted = deployment with { Metadata = deployment.Metadata with { DeletionTimestamp = Samples.Now } };

        Decide(Samples.Observed(asked)).ShouldBe((Step.RefuseCancelled, Reasons.Cancelled));
        Decide(Samples.Observed(deleted)).ShouldBe((Step.RefuseCancelled, Reasons.ObjectDeleted));
    }

    [Theory]
    [InlineData(ReleasePhase.Active)]
    [InlineData(ReleasePhase.Superseded)]
    [InlineData(ReleasePhase.Failed)]
    [InlineData(ReleasePhase.Cancelled)]
    public void Changes_nothing_about_what_is_over(ReleasePhase phase)
    {
        var deployment = Samples.Deployment();
        var asked = deployment with { Spec = deployment.Spec with { Cancel = true } };
        var deleted = deployment with { Metadata = deployment.Metadata with { DeletionTimestamp = Samples.Now } };

        StepFor(Samples.Observed(deployment, Samples.Release(phase))).ShouldBe(Step.Settle);
        StepFor(Samples.Observed(asked, Samples.Release(phase))).ShouldBe(Step.Settle);
        StepFor(Samples.Observed(deleted, Samples.Release(phase))).ShouldBe(Step.RemoveFinalizer);
    }

    [Theory]
    [InlineData(ReleasePhase.Pending)]
    [InlineData(ReleasePhase.Activating)]
    public void Does_not_outlive_the_stack_it_was_admitted_on(ReleasePhase phase)
    {
        var stack = Samples.Stack();
        var another = stack with { Metadata = stack.Metadata with { Uid = Guid.NewGuid().ToString() } };

        StepFor(Samples.Observed(release: Samples.Release(phase)) with { Stack = null }).ShouldBe(Step.CancelWithStack);
        StepFor(Samples.Observed(release: Samples.Release(phase), stack: another)).ShouldBe(Step.CancelWithStack);
    }

    [Fact]
    public void Resolves_the_image_once()
    {
        var pending = Samples.Release(ReleasePhase.Pending);

        StepFor(Samples.Observed(release: pending)).ShouldBe(Step.Resolve);
        StepFor(Samples.Observed(release: pending with { SlotRequestedAt = Samples.Now })).ShouldBe(Step.TakeSlot);
    }

    [Fact]
    public void Counts_what_was_observed_before_the_deadline_that_has_passed()
    {
        var late = Samples.Release(ReleasePhase.Activating) with { DeadlineAt = Samples.Now.AddHours(-1) };
        var ready = Rollout.Of(late, Samples.Workload(), [Samples.Pod()]);
        var unready = Rollout.Of(late, Samples.Workload(complete: false), []);

        StepFor(Samples.Observed(release: late, rollout: ready)).ShouldBe(Step.Activate);
        Decide(Samples.Observed(release: late, rollout: unready)).ShouldBe((Step.Fail, Reasons.ProgressDeadlineExceeded));
    }

    [Fact]
    public void Runs_no_deadline_before_the_workload_was_written_for_the_release()
    {
        var late = Samples.Release(ReleasePhase.Activating) with { DeadlineAt = Samples.Now.AddHours(-1) };

        StepFor(Samples.Observed(release: late, rollout: Rollout.Of(late, Samples.Workload(sequence: 11), []))).ShouldBe(Step.Wait);
        StepFor(Samples.Observed(release: late, rollout: Rollout.Of(late, null, []))).ShouldBe(Step.Wait);
    }

    [Fact]
    public void Looks_again_when_the_deadline_comes()
    {
        var release = Samples.Release(ReleasePhase.Activating);
        var plan = Plan.From(Samples.Observed(release: release), Samples.Now);

        plan.Step.ShouldBe(Step.Wait);
        plan.After.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Counts_no_deadline_that_passed_in_an_outage_before_it_has_looked_around()
    {
        var late = Samples.Release(ReleasePhase.Activating) with { DeadlineAt = Samples.Now.AddHours(-1) };
        var observed = Samples.Observed(release: late) with { AtWorkSince = Samples.Now };

        Plan.From(observed, Samples.Now).After.ShouldBe(TimeSpan.FromSeconds(15));
        Plan.From(observed, Samples.Now.AddSeconds(15)).Step.ShouldBe(Step.Fail);
    }

    [Fact]
    public void Gives_up_a_wait_for_its_turn_at_the_time_that_its_status_remembers()
    {
        var observed = Samples.Observed(stack: Impatient()) with { Ahead = Samples.Deployment("shop-0") };

        var first = Plan.From(observed, Samples.Now);
        (first.Step, first.DeadlineAt, first.After).ShouldBe((Step.Wait, Samples.Now.AddSeconds(60), TimeSpan.FromSeconds(60)));
        var waiting = observed with { Deployment = observed.Deployment with { Status = new DeploymentStatus { DeadlineAt = first.DeadlineAt } } };
        Plan.From(waiting, Samples.Now.AddSeconds(59)).DeadlineAt.ShouldBe(first.DeadlineAt);
        var over = Plan.From(waiting, Samples.Now.AddSeconds(60));
        (over.Step, over.Reason).ShouldBe((Step.Refuse, Reasons.Timeout));
        Plan.From(waiting with { Ahead = null }, Samples.Now.AddHours(1)).Step.ShouldBe(Step.Admit, "its turn has come");
    }

    [Fact]
    public void Waits_anew_for_its_turn_when_the_time_passed_while_nobody_could_admit_it()
    {
        var observed = Samples.Observed(stack: Impatient()) with { Ahead = Samples.Deployment("shop-0"), AtWorkSince = Samples.Now };
        var waiting = observed with { Deployment = observed.Deployment with { Status = new DeploymentStatus { DeadlineAt = Samples.Now.AddSeconds(-1) } } };

        Plan.From(waiting, Samples.Now).DeadlineAt.ShouldBe(Samples.Now.AddSeconds(60));
    }

    [Fact]
    public void Moves_nothing_while_the_status_shows_a_later_state_than_the_ledger()
    {
        var status = new DeploymentStatus
        {
            Version = "20261122.4",
            Transitions = [.. Enumerable.Repeat(new PhaseTransition { To = DeploymentPhase.Pending, At = Samples.Now }, 3)],
        };
        var observed = Samples.Observed(Samples.Deployment() with { Status = status }, Samples.Release(ReleasePhase.Activating, ReleasePhase.Pending));

        Decide(observed).ShouldBe((Step.Stall, Reasons.LedgerBehind));
        var same = observed with { Deployment = observed.Deployment with { Status = status with { Transitions = [.. status.Transitions!.Take(2)] } } };
        Decide(same).ShouldNotBe((Step.Stall, Reasons.LedgerBehind));
        var projected = StatusProjection.From(observed, Plan.From(observed, Samples.Now), Samples.Now);
        (projected.Version, projected.Transitions).ShouldBe((status.Version, status.Transitions), "a repair reads it");
    }

    [Fact]
    public void A_rollback_needs_no_registry()
    {
        var rollback = Samples.Release(ReleasePhase.Pending) with { Source = ReleaseSourceKind.Rollback };

        StepFor(Samples.Observed(release: rollback)).ShouldBe(Step.TakeSlot);
        StepFor(Samples.Observed(release: rollback with { Source = ReleaseSourceKind.Current })).ShouldBe(Step.TakeSlot);
    }

    [Fact]
    public void Refuses_at_once_what_this_operator_cannot_build()
    {
        var git = Samples.Observed(WithSource(new ReleaseSource { Git = new GitSource { Url = "https://git.example/shop" } }));

        StepFor(git).ShouldBe(Step.Admit);
        Decide(git with { BuildProblem = new SpecProblem(Reasons.BuildNotConfigured, "no builder") }).ShouldBe((Step.Refuse, Reasons.BuildNotConfigured));
    }

    private static Stack Impatient()
    {
        var stack = Samples.Stack();
        return stack with { Spec = stack.Spec with { Policy = new ReleasePolicy { QueueTimeoutSeconds = 60 } } };
    }

    private static Deployment WithSource(ReleaseSource source)
    {
        var deployment = Samples.Deployment();
        return deployment with { Spec = deployment.Spec with { Source = source } };
    }

    private static Step StepFor(Observed observed) => Plan.From(observed, Samples.Now).Step;

    private static (Step Step, string Reason) Decide(Observed observed)
    {
        var plan = Plan.From(observed, Samples.Now);
        return (plan.Step, plan.Reason);
    }
}
