using System.Text.Json;
using Shouldly;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Operator.EnvPatches;
using Xunit;

namespace Slipway.Operator.Tests.EnvPatches;

public sealed class EnvPatchStatusProjectionTests
{
    private static readonly EnvPatch Patch = PatchSamples.Patch();

    public static TheoryData<string, string> Kstatus => new()
    {
        { "waiting", "Ready=False PersistFailed, Reconciling=True PersistFailed" },
        { "applied", "Ready=True Applied" },
        { "rejected", "Ready=False EnvTooLarge, Stalled=True EnvTooLarge" },
        { "refused", "Ready=False EmptyPatch, Stalled=True EmptyPatch" },
        { "edited", "Ready=False SpecChanged, Stalled=True SpecChanged" },
        { "applied and edited", "Ready=True Applied, Stalled=True SpecChanged" },
    };

    [Theory]
    [MemberData(nameof(Kstatus))]
    public void Is_understood_by_whoever_knows_kstatus(string what, string conditions) => string.Join(
        ", ", StatusOf(what).Conditions!.Select(one => $"{one.Type}={one.Status} {one.Reason}")).ShouldBe(conditions);

    [Theory]
    [MemberData(nameof(Kstatus))]
    public void Never_has_a_value(string what, string conditions)
    {
        conditions.ShouldNotBeEmpty();
        JsonSerializer.Serialize(StatusOf(what), CrdsJson.Default.EnvPatchStatus).ShouldNotContain(PatchSamples.Value);
    }

    [Fact]
    public void A_decision_is_told_with_its_counts_and_its_release()
    {
        var status = EnvPatchStatusProjection.Decided(Patch, PatchSamples.Row(), "shop-log-env-7", Samples.Now);

        (status.Phase, status.Reason, status.Revision, status.Deployment).ShouldBe((EnvPatchPhase.Applied, "Applied", 7L, "shop-log-env-7"));
        (status.KeysSet, status.KeysUnset, status.TotalKeys, status.TotalBytes).ShouldBe((1, 2, 3, 40));
        (status.ObservedGeneration, status.StackUid, status.SpecHash).ShouldBe((1L, Samples.StackUid.ToString(), EnvPatchSpecHash.Of(Patch.Spec)));
    }

    [Fact]
    public void The_stack_that_was_seen_first_stays_the_one_it_is_bound_to()
    {
        var bound = Patch with { Status = EnvPatchStatusProjection.Waiting(Patch, Reasons.SecretNotFound, "", "first", Samples.Now) };

        bound.Status!.StackUid.ShouldBe("first");
        EnvPatchStatusProjection.Waiting(bound, Reasons.SecretNotFound, "", "another", Samples.Now).StackUid.ShouldBe("first");
    }

    [Fact]
    public void What_is_decided_is_said_again_only_when_the_spec_was_edited()
    {
        var decided = Patch with { Status = StatusOf("applied") };
        EnvPatchStatusProjection.Settled(decided, Samples.Now).ShouldBeNull();

        var edited = Edited(decided);
        var status = EnvPatchStatusProjection.Settled(edited, Samples.Now.AddHours(1))!;

        (status.Phase, status.Revision, status.KeysSet, status.Deployment, status.ObservedGeneration).ShouldBe(
            (EnvPatchPhase.Applied, 7L, 1, "shop-log-env-7", 2L));
        status.SpecHash.ShouldBe(decided.Status!.SpecHash, "the edit is not followed");
        Condition(status, WellKnown.Conditions.Ready).LastTransitionTime.ShouldBe(Samples.Now, "it was ready before");
        EnvPatchStatusProjection.Settled(edited with { Status = status }, Samples.Now).ShouldBeNull();
        EnvPatchStatusProjection.Settled(decided with { Status = status, Metadata = decided.Metadata with { Generation = 3 } }, Samples.Now)!
            .Conditions!.ShouldNotContain(one => one.Type == WellKnown.Conditions.Stalled, "the former spec is back");
    }

    private static EnvPatchStatus StatusOf(string what) => what switch
    {
        "waiting" => EnvPatchStatusProjection.Waiting(Patch, Reasons.PersistFailed, "later", null, Samples.Now),
        "applied" => EnvPatchStatusProjection.Decided(Patch, PatchSamples.Row(), "shop-log-env-7", Samples.Now),
        "rejected" => EnvPatchStatusProjection.Decided(Patch, PatchSamples.Row(applied: false, Reasons.EnvTooLarge), null, Samples.Now),
        "refused" => EnvPatchStatusProjection.Rejected(Patch, Reasons.EmptyPatch, "nothing", Samples.Now),
        "edited" => EnvPatchStatusProjection.SpecChanged(Edited(Patch with { Status = StatusOf("waiting") }), Samples.Now),
        "applied and edited" => EnvPatchStatusProjection.Settled(Edited(Patch with { Status = StatusOf("applied") }), Samples.Now)!,
        _ => throw new ArgumentException(what),
    };

    private static EnvPatch Edited(EnvPatch patch) => patch with
    {
        Metadata = patch.Metadata with { Generation = 2 },
        Spec = PatchSamples.Set(("A", PatchSamples.Value + " edited")),
    };

    private static Condition Condition(EnvPatchStatus status, string type) => status.Conditions!.Single(one => one.Type == type);
}
