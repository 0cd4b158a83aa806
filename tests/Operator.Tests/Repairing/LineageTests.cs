using Shouldly;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;
using Slipway.Operator.Releases;
using Slipway.Operator.Repairing;
using Slipway.Operator.Stacks;
using Xunit;

namespace Slipway.Operator.Tests.Repairing;

public sealed class LineageTests
{
    private static readonly NamespacedName Key = new("prod", "shop");

    [Fact]
    public void A_status_tells_version_image_and_every_move()
    {
        var evidence = Of(Samples.Stack(), Finished("shop-4", "20261122.4", DeploymentPhase.Pending, DeploymentPhase.Activating, DeploymentPhase.Failed)).Releases.Single();

        (evidence.Name, evidence.Version, evidence.Digest, evidence.StackUid).ShouldBe(
            ("shop-4", new ReleaseVersion(new DateOnly(2026, 11, 22), 4), Samples.Digest, Samples.StackUid));
        evidence.Moves.Select(move => (move.To, move.Reason)).ShouldBe(
            [(ReleasePhase.Pending, ""), (ReleasePhase.Activating, ""), (ReleasePhase.Failed, Reasons.ProgressDeadlineExceeded)]);
        evidence.Template.ShouldBe(ReleaseTemplate.Of(Samples.Stack().Spec).ToJson());
    }

    [Fact]
    public void An_object_that_was_not_looked_at_yet_tells_nothing() =>
        Of(Samples.Stack(), Samples.Deployment()).Releases.ShouldBeEmpty();

    [Fact]
    public void What_runs_tells_the_template_of_its_version_and_the_step_it_was_written_from()
    {
        var workload = Samples.Workload(sequence: 77);
        var running = workload with
        {
            Spec = workload.Spec! with
            {
                Template = Samples.Json("""{"metadata":{"labels":{"slipway.dev/version":"20261122.4"}},"spec":{"containers":[{"name":"app","env":[{"name":"OLD"}]}]}}"""),
            },
        };
        var lineage = new Lineage(
            Key,
            Samples.Stack(),
            [Finished("shop-4", "20261122.4", DeploymentPhase.Pending, DeploymentPhase.Activating, DeploymentPhase.Active), Finished("shop-3", "20261122.3", DeploymentPhase.Pending, DeploymentPhase.Cancelled)],
            [],
            running);

        var evidence = lineage.ToEvidence(Samples.Now, null);

        evidence.Stamp.ShouldBe(77);
        evidence.Releases.Select(release => release.Template.Contains("OLD", StringComparison.Ordinal)).ShouldBe([true, false]);
    }

    [Fact]
    public void Releases_without_an_object_are_taken_from_the_status_of_the_stack_once()
    {
        var stack = Samples.Stack() with
        {
            Status = new StackStatus
            {
                ActiveVersion = "20261122.5",
                ActiveDeployment = "shop-5",
                ActiveImage = $"registry.example/shop:5@{Samples.Digest}",
                Releases = [Summary("20261122.6", DeploymentPhase.Failed), Summary("20261122.4", DeploymentPhase.Superseded), Summary(null, DeploymentPhase.Cancelled)],
            },
        };

        var releases = Of(stack, Finished("shop-4", "20261122.4", DeploymentPhase.Pending, DeploymentPhase.Superseded)).Releases;

        releases.Select(release => $"{release.Version} {release.Moves[^1].To}").ShouldBe(["20261122.4 Superseded", "20261122.6 Failed", "20261122.5 Active"]);
        releases[1].Moves.ShouldAllBe(move => move.Reason.Length > 0);
        releases.Select(release => release.SpecHash).ShouldBeUnique();
    }

    [Theory]
    [InlineData(DeploymentPhase.Superseded, false)]
    [InlineData(DeploymentPhase.RolledBack, true)]
    public void Only_what_is_said_to_have_run_counts_as_having_run(DeploymentPhase phase, bool ran)
    {
        var stack = Samples.Stack() with { Status = new StackStatus { Releases = [Summary("20261122.4", phase)] } };

        Of(stack).Releases.Single().Moves.Any(move => move.To == ReleasePhase.Active).ShouldBe(ran);
    }

    [Fact]
    public void What_the_stacks_own_source_made_last_is_known_again_unless_the_source_was_changed_since()
    {
        var stack = Samples.Stack();
        stack = stack with { Spec = stack.Spec with { Source = new StackSource { Image = "registry.example/shop:1" } } };
        var made = Finished("shop-2", "20261122.4", DeploymentPhase.Pending, DeploymentPhase.Activating, DeploymentPhase.Active);
        made = made with { Metadata = made.Metadata with { OwnerReferences = [WorkloadManifest.OwnerOf(stack)] } };

        var source = Of(stack, made).Source.ShouldNotBeNull();
        (source.Generation, source.Made, source.Landed, source.Deployment).ShouldBe((3, true, true, "shop-2"));
        source.SourceHash.ShouldBe(StackSources.AskOf(stack, "", null).SourceHash);
        var edited = stack with { Spec = stack.Spec with { Source = new StackSource { Image = "registry.example/shop:2" } } };
        Of(edited, made).Source.ShouldBeNull();
        Of(stack, Samples.Deployment()).Source.ShouldBeNull();
        Of(Samples.Stack(), made).Source.ShouldBeNull();
    }

    [Fact]
    public void Without_a_stack_releases_still_tell_of_the_one_they_were_bound_to()
    {
        var evidence = new Lineage(Key, null, [Finished("shop-4", "20261122.4", DeploymentPhase.Pending, DeploymentPhase.Cancelled)], [], null).ToEvidence(Samples.Now, null);

        (evidence.StackUid, evidence.Releases.Single().StackUid).ShouldBe((null, Samples.StackUid));
    }

    private static LineageEvidence Of(Stack stack, params Deployment[] deployments) => new Lineage(Key, stack, deployments, [], null).ToEvidence(Samples.Now, null);

    private static ReleaseSummary Summary(string? version, DeploymentPhase phase) => new()
    {
        Version = version,
        Deployment = "pruned",
        Phase = phase,
        Image = $"registry.example/shop@{Samples.Digest}",
        FinishedAt = Samples.Now,
    };

    private static Deployment Finished(string name, string version, params DeploymentPhase[] phases) => Samples.Deployment(name) with
    {
        Status = new DeploymentStatus
        {
            Phase = phases[^1],
            Version = version,
            StackUid = Samples.StackUid.ToString(),
            ImageReference = $"registry.example/shop:1@{Samples.Digest}",
            Failure = phases[^1] == DeploymentPhase.Failed ? new ReleaseFailure { Reason = Reasons.ProgressDeadlineExceeded, Message = "too slow" } : null,
            Transitions = [.. phases.Select(phase => new PhaseTransition { To = phase, At = Samples.Now })],
        },
    };
}
