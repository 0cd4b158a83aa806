using Shouldly;
using Slipway.Crds;
using Slipway.Kubernetes.Resources;
using Slipway.Operator.Builds;
using Xunit;

namespace Slipway.Operator.Tests.Builds;

public sealed class BuildProgressTests
{
    private static V1ContainerState Fetched => BuildSamples.Ended(message: BuildSamples.Commit + "\n");

    private static V1ContainerState Built => BuildSamples.Ended();

    [Fact]
    public void Follows_the_containers_from_the_first_to_the_last()
    {
        var job = BuildSamples.Job();
        (V1Pod Pod, BuildStage Stage)[] story =
        [
            (BuildSamples.Pod(), BuildStage.Waiting),
            (BuildSamples.Pod(BuildSamples.Running), BuildStage.Building),
            (BuildSamples.Pod(Fetched), BuildStage.Building),
            (BuildSamples.Pod(Fetched, BuildSamples.Running), BuildStage.Building),
            (BuildSamples.Pod(Fetched, Built), BuildStage.Building),
            (BuildSamples.Pod(Fetched, Built, BuildSamples.Running, "Running"), BuildStage.Pushing),
            (BuildSamples.Pod(Fetched, Built, BuildSamples.Ended(message: Samples.Digest), "Succeeded"), BuildStage.Pushed),
        ];

        BuildProgress.Of(null, []).Stage.ShouldBe(BuildStage.Absent);
        BuildProgress.Of(job, []).Stage.ShouldBe(BuildStage.Waiting);
        story.Select(step => BuildProgress.Of(job, [step.Pod]).Stage).ShouldBe(story.Select(step => step.Stage));
        story.Select(step => BuildProgress.Of(job, [step.Pod]).FailureReason).ShouldAllBe(reason => reason == null);
    }

    [Fact]
    public void Takes_commit_and_digest_from_the_termination_messages()
    {
        var pushed = BuildProgress.Of(BuildSamples.Job("Complete"), [BuildSamples.Pod(Fetched, Built, BuildSamples.Ended(message: $" {Samples.Digest}\n"), "Succeeded")]);

        (pushed.Commit, pushed.Digest).ShouldBe((BuildSamples.Commit, Samples.Digest));
        BuildProgress.Of(BuildSamples.Job(), [BuildSamples.Pod(Fetched)]).Commit.ShouldBe(BuildSamples.Commit, "as soon as it is known");
        BuildProgress.Of(BuildSamples.Job(), [BuildSamples.Pod(BuildSamples.Ended(message: "main"))]).Commit.ShouldBeNull();
        BuildProgress.Of(BuildSamples.Job(), [BuildSamples.Pod(BuildSamples.Ended(1, BuildSamples.Commit))]).Commit.ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("sha256:1234")]
    [InlineData("sha256:111111111111111111111111111111111111111111111111111111111111111G")]
    [InlineData("x sha256:1111111111111111111111111111111111111111111111111111111111111111")]
    public void A_push_without_a_digest_has_failed(string? message)
    {
        var pod = BuildSamples.Pod(Fetched, Built, BuildSamples.Ended(message: message), "Succeeded");

        var progress = BuildProgress.Of(BuildSamples.Job("Complete"), [pod]);

        (progress.Stage, progress.Digest, progress.Container).ShouldBe((BuildStage.PushFailed, null, "push"));
        progress.Message.ShouldContain("instead of the image's digest");
    }

    [Fact]
    public void Says_which_step_failed_and_with_what()
    {
        var source = Of(BuildSamples.Pod(BuildSamples.Ended(1, "revision x is no branch"), phase: "Failed"));
        var build = Of(BuildSamples.Pod(Fetched, BuildSamples.Ended(2), phase: "Failed"));
        var killed = Of(BuildSamples.Pod(Fetched, BuildSamples.Ended(137, reason: "OOMKilled"), phase: "Failed"));
        var push = Of(BuildSamples.Pod(Fetched, Built, BuildSamples.Ended(1, "denied"), "Failed"));

        (source.Stage, source.Container, source.FailureReason).ShouldBe((BuildStage.SourceFailed, "source", Reasons.SourceFailed));
        source.Message.ShouldBe("pod shop-1-abc-x, container source: Error with exit code 1: revision x is no branch");
        (build.Stage, build.Container, build.FailureReason).ShouldBe((BuildStage.BuildFailed, "build", Reasons.BuildFailed));
        build.Message.ShouldContain("exit code 2");
        killed.Message.ShouldContain("OOMKilled with exit code 137");
        (push.Stage, push.Container, push.FailureReason).ShouldBe((BuildStage.PushFailed, "push", Reasons.PushFailed));
        push.Message.ShouldContain("denied");
        push.Pod!.Value.ToString().ShouldBe("prod/shop-1-abc-x");
    }

    [Fact]
    public void A_step_that_failed_counts_before_the_pod_and_the_Job_say_so() =>
        BuildProgress.Of(BuildSamples.Job(), [BuildSamples.Pod(Fetched, BuildSamples.Ended(2))]).Stage.ShouldBe(BuildStage.BuildFailed);

    [Fact]
    public void A_pod_that_was_ended_from_outside_fails_the_step_that_was_at_work()
    {
        var evicted = (V1Pod pod) => pod with { Status = pod.Status! with { Phase = "Failed", Reason = "Evicted", Message = "The node was low on resource: ephemeral-storage." } };

        var building = Of(evicted(BuildSamples.Pod(Fetched, BuildSamples.Running)));
        (building.Stage, building.Container).ShouldBe((BuildStage.BuildFailed, "build"));
        building.Message.ShouldContain("Evicted: The node was low on resource");
        Of(evicted(BuildSamples.Pod(BuildSamples.Running))).Stage.ShouldBe(BuildStage.SourceFailed);
        Of(evicted(BuildSamples.Pod(Fetched, Built, BuildSamples.Running))).Stage.ShouldBe(BuildStage.PushFailed);

        var bare = evicted(BuildSamples.Pod());
        var silent = Of(bare with { Status = bare.Status! with { InitContainerStatuses = null, ContainerStatuses = null } });
        (silent.Stage, silent.Container).ShouldBe((BuildStage.BuildFailed, null), "no container has begun: there is no log");
    }

    [Fact]
    public void Says_why_the_Job_failed_when_no_step_did()
    {
        var late = BuildSamples.Job("Failed", "DeadlineExceeded", "Job was active longer than specified deadline");

        var alone = BuildProgress.Of(late, []);
        var running = BuildProgress.Of(late, [BuildSamples.Pod(Fetched, BuildSamples.Running)]);

        (alone.Stage, running.Stage).ShouldBe((BuildStage.BuildFailed, BuildStage.BuildFailed));
        alone.Message.ShouldContain("DeadlineExceeded");
        running.Message.ShouldContain("DeadlineExceeded");
    }

    [Fact]
    public void An_image_that_was_pushed_counts_whatever_becomes_of_the_Job()
    {
        var pod = BuildSamples.Pod(Fetched, Built, BuildSamples.Ended(message: Samples.Digest), "Running");

        BuildProgress.Of(BuildSamples.Job("Failed", "DeadlineExceeded"), [pod]).Stage.ShouldBe(BuildStage.Pushed);
    }

    [Fact]
    public void A_complete_Job_without_its_pod_has_no_digest_and_so_no_image()
    {
        var progress = BuildProgress.Of(BuildSamples.Job("Complete"), []);

        (progress.Stage, progress.FailureReason).ShouldBe((BuildStage.PushFailed, Reasons.PushFailed));
        progress.Message.ShouldContain("its pod is gone");
    }

    [Fact]
    public void A_complete_Job_is_not_believed_while_its_pod_is_seen_to_push() =>
        BuildProgress.Of(BuildSamples.Job("Complete"), [BuildSamples.Pod(Fetched, Built, BuildSamples.Running)]).Stage.ShouldBe(BuildStage.Pushing);

    [Fact]
    public void The_newest_pod_counts_and_pods_of_others_do_not()
    {
        var lost = BuildSamples.Pod(Fetched, BuildSamples.Ended(137), phase: "Failed", name: "z-old", age: 5);
        var foreign = BuildSamples.Pod(BuildSamples.Ended(1), phase: "Failed", name: "zz");
        foreign = foreign with { Metadata = foreign.Metadata with { OwnerReferences = [foreign.Metadata.Controller()! with { Uid = "another" }] } };

        var progress = BuildProgress.Of(BuildSamples.Job(), [lost, BuildSamples.Pod(BuildSamples.Running, name: "a-new"), foreign]);

        (progress.Stage, progress.Pod!.Value.Name).ShouldBe((BuildStage.Building, "a-new"));
    }

    [Fact]
    public void Says_what_it_waits_for_in_the_clusters_own_words()
    {
        var unpulled = BuildProgress.Of(BuildSamples.Job(), [BuildSamples.Pod(BuildSamples.Waiting("ImagePullBackOff", "no such builder"))]);
        var homeless = BuildSamples.Pod();
        homeless = homeless with
        {
            Status = homeless.Status! with { Conditions = [new V1WorkloadCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = "0/3 nodes" }] },
        };

        (unpulled.Stage, unpulled.FailureReason).ShouldBe((BuildStage.Waiting, null));
        unpulled.Message.ShouldContain("ImagePullBackOff: no such builder");
        BuildProgress.Of(BuildSamples.Job(), [homeless]).Message.ShouldContain("Unschedulable: 0/3 nodes");
    }

    [Fact]
    public void A_message_has_no_character_that_the_ledger_cannot_store() =>
        Of(BuildSamples.Pod(BuildSamples.Ended(1, "a\0b"), phase: "Failed")).Message.ShouldEndWith("a\uFFFDb");

    private static BuildProgress Of(V1Pod pod) => BuildProgress.Of(BuildSamples.Job("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit"), [pod]);
}
