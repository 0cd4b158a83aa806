using Shouldly;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Operator.EnvPatches;
using Xunit;

namespace Slipway.Operator.Tests.EnvPatches;

public sealed class EnvPatchOrderTests
{
    private static readonly EnvPatch Older = PatchSamples.Patch("z", Samples.Now.AddSeconds(-1));
    private static readonly EnvPatch Self = PatchSamples.Patch("m", Samples.Now);

    public static TheoryData<string> WaitingReasons =>
        [Reasons.WaitingForTurn, Reasons.PersistFailed, Reasons.EnvKeyUnavailable, Reasons.LedgerBehind, Reasons.StackNotFound];

    public static TheoryData<string> ReasonsOfItsOwn => [Reasons.SecretNotFound, Reasons.SecretNotLabelled, Reasons.InvalidEnvValue];

    [Fact]
    public void Goes_by_time_of_creation_and_then_by_name()
    {
        var sameSecond = PatchSamples.Patch("a", Samples.Now);
        EnvPatch[] all = [Self, Older, sameSecond];

        EnvPatchOrder.First(all).ShouldBe(Older);
        EnvPatchOrder.First([Self, sameSecond]).ShouldBe(sameSecond);
        all.Where(one => !EnvPatchOrder.IsBehind(one, all)).ShouldBe([Older]);
        EnvPatchOrder.IsBehind(Self, [Self, sameSecond]).ShouldBeTrue();
        EnvPatchOrder.IsBehind(sameSecond, [Self, sameSecond]).ShouldBeFalse();
        EnvPatchOrder.First([]).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(WaitingReasons))]
    public void Waits_for_an_older_one_that_waits_for_what_both_need(string reason) =>
        EnvPatchOrder.IsBehind(Self, [Self, Older with { Status = Waiting(reason) }]).ShouldBeTrue();

    [Theory]
    [MemberData(nameof(ReasonsOfItsOwn))]
    public void Does_not_wait_for_one_that_waits_for_what_may_never_come(string reason)
    {
        var held = Older with { Status = Waiting(reason) };

        EnvPatchOrder.IsBehind(Self, [Self, held]).ShouldBeFalse();
        EnvPatchOrder.First([held, Self]).ShouldBe(Self);
    }

    [Fact]
    public void Passes_over_what_is_decided_deleted_invalid_or_edited()
    {
        EnvPatchOrder.IsBehind(Self, [Self, Older]).ShouldBeTrue();
        foreach (var other in (EnvPatch[])
            [
                Older with { Status = new EnvPatchStatus { Phase = EnvPatchPhase.Applied } },
                Older with { Status = new EnvPatchStatus { Phase = EnvPatchPhase.Rejected } },
                Older with { Metadata = Older.Metadata with { DeletionTimestamp = Samples.Now } },
                Older with { Spec = PatchSamples.Set(("1A", "1")) },
                Older with { Status = Waiting(Reasons.PersistFailed) with { SpecHash = "of another spec" } },
            ])
        {
            EnvPatchOrder.IsBehind(Self, [Self, other]).ShouldBeFalse($"{other}");
        }
    }

    private static EnvPatchStatus Waiting(string reason) => new() { Phase = EnvPatchPhase.Pending, Reason = reason };
}
