using Shouldly;
using Slipway.Crds;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Releases;
using Slipway.Operator.Stacks;
using Xunit;

namespace Slipway.Operator.Tests.Stacks;

public sealed class WorkloadPlanTests
{
    private static readonly ReleaseRow Active = Samples.Release(ReleasePhase.Active);

    [Fact]
    public void Creates_applies_and_deletes_as_the_ledger_says()
    {
        StepFor(Ledger(Active), null).ShouldBe(WorkloadStep.Create);
        StepFor(Ledger(Active), Samples.Workload()).ShouldBe(WorkloadStep.Apply);
        StepFor(Ledger(null), Samples.Workload()).ShouldBe(WorkloadStep.Delete);
        StepFor(Ledger(null), null).ShouldBe(WorkloadStep.Nothing);
    }

    [Theory]
    [InlineData(StackLifecycle.Deleting)]
    [InlineData(StackLifecycle.Deleted)]
    public void Leaves_a_stack_that_is_being_ended_to_its_teardown(StackLifecycle lifecycle)
    {
        foreach (var ledger in new[] { Ledger(Active), Ledger(null) })
        {
            var ending = ledger with { Stack = ledger.Stack with { Lifecycle = lifecycle } };
            StepFor(ending, Samples.Workload()).ShouldBe(WorkloadStep.BeingTornDown);
            StepFor(ending, null).ShouldBe(WorkloadStep.BeingTornDown);
        }
    }

    [Fact]
    public void Leaves_the_workload_of_somebody_else_alone()
    {
        var workload = Samples.Workload();
        var foreign = workload with { Metadata = workload.Metadata with { OwnerReferences = null } };
        var controlled = workload with
        {
            Metadata = workload.Metadata with { OwnerReferences = [workload.Metadata.OwnerReferences![0] with { Uid = "another", Name = "another" }] },
        };

        StepFor(Ledger(Active), foreign).ShouldBe(WorkloadStep.Conflict);
        StepFor(Ledger(Active), controlled).ShouldBe(WorkloadStep.Conflict);
        StepFor(Ledger(null), foreign).ShouldBe(WorkloadStep.Nothing);
    }

    [Fact]
    public void Waits_until_the_workload_of_a_former_object_of_the_stack_is_collected()
    {
        var workload = Samples.Workload();
        var former = workload with
        {
            Metadata = workload.Metadata with { OwnerReferences = [workload.Metadata.OwnerReferences![0] with { Uid = "former" }] },
        };

        StepFor(Ledger(Active), former).ShouldBe(WorkloadStep.BeingCollected);
        StepFor(Ledger(null), former).ShouldBe(WorkloadStep.Nothing);
    }

    [Fact]
    public void Never_writes_over_or_deletes_what_a_later_state_of_the_ledger_wrote()
    {
        StepFor(Ledger(Active, sequence: 11), Samples.Workload(sequence: 12)).ShouldBe(WorkloadStep.LedgerBehind);
        StepFor(Ledger(null, sequence: 0), Samples.Workload(sequence: 12)).ShouldBe(WorkloadStep.LedgerBehind);
    }

    [Fact]
    public void Never_writes_from_an_older_generation_of_the_stack()
    {
        var workload = Samples.Workload();
        var annotations = new Dictionary<string, string>(workload.Metadata.Annotations!) { [WellKnown.Annotations.StackGeneration] = "4" };

        StepFor(Ledger(Active), workload with { Metadata = workload.Metadata with { Annotations = annotations } }).ShouldBe(WorkloadStep.CacheBehind);
    }

    [Fact]
    public void Lets_an_orphan_run_until_a_release_of_the_new_stack_takes_it_over()
    {
        var workload = Samples.Workload(sequence: 99);
        var orphan = workload with
        {
            Metadata = workload.Metadata with
            {
                OwnerReferences = null,
                Annotations = new Dictionary<string, string>(workload.Metadata.Annotations!) { [WellKnown.Annotations.OrphanedFrom] = "shop" },
            },
        };

        StepFor(Ledger(null), orphan).ShouldBe(WorkloadStep.Nothing);
        StepFor(Ledger(Active), orphan).ShouldBe(WorkloadStep.Apply);
    }

    [Fact]
    public void Puts_the_image_into_the_released_containers_only_and_sends_no_replicas_that_are_not_asked_for()
    {
        var stack = Samples.Stack(podSpec: """{"containers":[{"name":"app"},{"name":"proxy","image":"proxy:1"}]}""");
        var release = Active with { Template = ReleaseTemplate.Of(stack.Spec).ToJson() };
        var workload = WorkloadManifest.Workload(stack, release, 12, null);

        var containers = workload.Spec!.Template!.Value.GetProperty("spec").GetProperty("containers");
        containers[0].GetProperty("image").GetString().ShouldBe(release.ImageReference);
        containers[1].GetProperty("image").GetString().ShouldBe("proxy:1");
        workload.Spec.Replicas.ShouldBeNull();
        workload.Spec.Strategy!.RollingUpdate!.MaxUnavailable!.Value.GetInt32().ShouldBe(0);
    }

    private static WorkloadStep StepFor(StackState ledger, V1Deployment? live) => WorkloadPlan.From(Samples.Stack(), ledger, live);

    private static StackState Ledger(ReleaseRow? desired, long sequence = 12) => new(
        new StackRow(1, Samples.StackUid, "prod", "shop", StackLifecycle.Live, ConcurrencyPolicy.Queue, 3, sequence), desired, desired, [], []);
}
