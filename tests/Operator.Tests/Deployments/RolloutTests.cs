using Shouldly;
using Slipway.Crds;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Operator.Deployments;
using Xunit;

namespace Slipway.Operator.Tests.Deployments;

public sealed class RolloutTests
{
    private static readonly ReleaseRow Release = Samples.Release(ReleasePhase.Activating);

    [Theory]
    [InlineData(Samples.Digest)]
    [InlineData(Samples.PlatformDigest)]
    public void Is_ready_when_every_replica_runs_the_digest_or_one_that_means_the_same(string digest) =>
        Rollout.Of(Release, Samples.Workload(), [Samples.Pod(digest)]).Kind.ShouldBe(RolloutKind.Ready);

    [Fact]
    public void Is_not_ready_while_a_pod_runs_another_digest()
    {
        var rollout = Rollout.Of(Release, Samples.Workload(), [Samples.Pod(Samples.OtherDigest)]);

        rollout.Kind.ShouldBe(RolloutKind.Progressing);
        rollout.Message.ShouldContain(Samples.OtherDigest);
    }

    [Fact]
    public void Does_not_take_the_pods_of_another_version_for_its_own() =>
        Rollout.Of(Release, Samples.Workload(), [Samples.Pod(version: "20261122.3")]).Kind.ShouldBe(RolloutKind.Progressing);

    [Fact]
    public void Does_not_believe_a_workload_whose_controller_has_not_seen_the_newest_spec()
    {
        var workload = Samples.Workload();
        var unseen = workload with { Metadata = workload.Metadata with { Generation = 6 } };

        Rollout.Of(Release, unseen, [Samples.Pod()]).Kind.ShouldBe(RolloutKind.Progressing);
    }

    [Fact]
    public void Waits_until_old_replicas_are_gone()
    {
        var workload = Samples.Workload();
        var mixed = workload with { Status = workload.Status! with { Replicas = 2 } };

        Rollout.Of(Release, mixed, [Samples.Pod()]).Kind.ShouldBe(RolloutKind.Progressing);
    }

    [Fact]
    public void Is_not_applied_while_the_workload_was_written_for_something_else()
    {
        Rollout.Of(Release, null, []).Kind.ShouldBe(RolloutKind.NotApplied);
        Rollout.Of(Release, Samples.Workload(sequence: 11), [Samples.Pod()]).Kind.ShouldBe(RolloutKind.NotApplied);
    }

    [Fact]
    public void Needs_no_pod_when_it_is_scaled_to_zero()
    {
        var rollout = Rollout.Of(Release, Samples.Workload(replicas: 0), []);

        (rollout.Kind, rollout.Reason).ShouldBe((RolloutKind.Ready, Reasons.ScaledToZero));
    }

    [Fact]
    public void Takes_the_digest_of_an_image_that_only_the_node_has_from_the_pods()
    {
        var unpinned = Release with { Pinned = false, Digest = null, Digests = [] };

        Rollout.Of(unpinned, Samples.Workload(), [Samples.Pod(Samples.OtherDigest)]).Digest.ShouldBe(Samples.OtherDigest);
        Rollout.Of(unpinned, Samples.Workload(2), [Samples.Pod(), Samples.Pod(Samples.OtherDigest)]).Kind.ShouldBe(RolloutKind.Progressing);
    }

    [Fact]
    public void Names_the_pods_own_cause()
    {
        var waiting = new V1ContainerState { Waiting = new V1ContainerWaiting { Reason = "ImagePullBackOff", Message = "Back-off pulling image" } };
        var rollout = Rollout.Of(Release, Samples.Workload(complete: false), [Samples.Pod(ready: false, state: waiting)]);

        rollout.Message.ShouldContain("ImagePullBackOff");
        rollout.Message.ShouldContain("container app");
    }

    [Fact]
    public void Names_the_quota_that_forbids_the_pods()
    {
        var workload = Samples.Workload(complete: false);
        var refused = workload with
        {
            Status = workload.Status! with
            {
                Conditions = [new V1WorkloadCondition { Type = "ReplicaFailure", Status = "True", Reason = "FailedCreate", Message = "exceeded quota: small" }],
            },
        };

        Rollout.Of(Release, refused, []).Message.ShouldContain("exceeded quota: small");
    }
}
