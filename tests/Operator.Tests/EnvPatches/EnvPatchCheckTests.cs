using Shouldly;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Operator.EnvPatches;
using Xunit;

namespace Slipway.Operator.Tests.EnvPatches;

public sealed class EnvPatchCheckTests
{
    private static readonly EnvPatchSpec Empty = new() { Stack = "shop" };
    private static readonly EnvSecretSource Source = new() { Name = "values" };

    public static TheoryData<EnvPatchSpec, string?> Specs => new()
    {
        { PatchSamples.Set(("A", "1")), null },
        { PatchSamples.Set(("A", "")), null },
        { Empty with { Unset = ["_a1"] }, null },
        { Empty with { Reset = ["A"] }, null },
        { Empty with { SetFrom = [Source] }, null },
        { Empty, Reasons.EmptyPatch },
        { Empty with { Set = new Dictionary<string, string>(), Unset = [], Reset = [] }, Reasons.EmptyPatch },
        { PatchSamples.Set(("1A", "1")), Reasons.InvalidEnvKey },
        { PatchSamples.Set(("A-B", "1")), Reasons.InvalidEnvKey },
        { PatchSamples.Set(("Ä", "1")), Reasons.InvalidEnvKey },
        { PatchSamples.Set(("A\n", "1")), Reasons.InvalidEnvKey },
        { Empty with { Unset = [""] }, Reasons.InvalidEnvKey },
        { Empty with { Reset = ["A B"] }, Reasons.InvalidEnvKey },
        { Empty with { SetFrom = [Source], Unset = ["A B"] }, Reasons.InvalidEnvKey },
        { PatchSamples.Set(("A", "1")) with { Unset = ["A"] }, Reasons.InvalidEnvKey },
        { PatchSamples.Set(("A", "1")) with { Reset = ["A"] }, Reasons.InvalidEnvKey },
        { Empty with { Unset = ["A"], Reset = ["A"] }, Reasons.InvalidEnvKey },
        { PatchSamples.Set(("A", "1\0")), Reasons.InvalidEnvValue },
    };

    [Theory]
    [MemberData(nameof(Specs))]
    public void Says_what_can_never_be_merged(EnvPatchSpec spec, string? reason) =>
        EnvPatchCheck.Of(PatchSamples.Patch(spec: spec))?.Reason.ShouldBe(reason);

    [Theory]
    [MemberData(nameof(Specs))]
    public void Says_nothing_of_what_can_be_merged(EnvPatchSpec spec, string? reason) =>
        (EnvPatchCheck.Of(PatchSamples.Patch(spec: spec)) is null).ShouldBe(reason is null);

    [Fact]
    public void A_name_has_63_characters_at_most()
    {
        EnvPatchCheck.Of(PatchSamples.Patch(new string('n', 63))).ShouldBeNull();
        EnvPatchCheck.Of(PatchSamples.Patch(new string('n', 64)))!.Reason.ShouldBe(Reasons.InvalidName);
    }

    [Fact]
    public void What_the_patch_sets_wins_over_its_Secrets()
    {
        var change = EnvPatchCheck.ChangeOf(
            PatchSamples.Set(("A", "own")) with { Unset = ["C"], Reset = ["D"] },
            new Dictionary<string, string> { ["A"] = "secret", ["B"] = "secret" });

        change.Set.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}={pair.Value}").ShouldBe(["A=own", "B=secret"]);
        (change.Unset.Single(), change.Reset.Single()).ShouldBe(("C", "D"));
    }

    [Fact]
    public void Neither_what_is_asked_of_the_ledger_nor_its_change_prints_a_value()
    {
        var request = EnvPatchRequests.Of(PatchSamples.Patch(), Samples.StackUid.ToString());

        $"{request} {request.Change}".ShouldNotContain(PatchSamples.Value);
        request.Spec.ShouldNotContain(PatchSamples.Value);
        request.Change.Set["A"].ShouldBe(PatchSamples.Value);
        request.Release.ShouldBeTrue("that is the default");
    }
}
