using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Ledger;
using Slipway.Operator.Deployments;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.GitOps;

/// <summary>What Argo CD offers to do with an object, and what it then sends. Integration/ArgoActionTests has it done.</summary>
public sealed class ActionTests
{
    public static TheoryData<ReleasePhase, bool, string> Offers => new()
    {
        { ReleasePhase.Pending, false, "cancel" },
        { ReleasePhase.Building, false, "cancel" },
        { ReleasePhase.Pushing, false, "cancel" },
        { ReleasePhase.Activating, false, "cancel" },
        { ReleasePhase.Active, true, "" },
        { ReleasePhase.Superseded, true, "rollback" },
        { ReleasePhase.Superseded, false, "" },
        { ReleasePhase.RolledBack, true, "rollback" },
        { ReleasePhase.Failed, false, "" },
        { ReleasePhase.Cancelled, false, "" },
    };

    [Theory]
    [MemberData(nameof(Offers))]
    public async Task A_release_is_cancelled_until_it_is_active_and_gone_back_to_after(ReleasePhase phase, bool wasActive, string offered) =>
        string.Join(' ', await ArgoLua.OfferedAsync(Release(phase, wasActive))).ShouldBe(offered);

    [Fact]
    public void Every_phase_is_thought_of() =>
        ((IEnumerable<object[]>)Offers).Select(row => ((ReleasePhase)row[0]).ToPhase()).Distinct().ShouldBe(Enum.GetValues<DeploymentPhase>(), ignoreOrder: true);

    [Fact]
    public async Task What_nobody_has_looked_at_can_be_cancelled_once()
    {
        var fresh = Release(ReleasePhase.Pending, false);
        fresh["status"] = new JsonObject { ["observedGeneration"] = -1L };
        (await ArgoLua.OfferedAsync(fresh)).ShouldBe(["cancel"]);

        var cancelled = await ArgoLua.ActAsync("cancel", fresh);

        ((bool?)cancelled.At("spec.cancel")).ShouldBe(true);
        (await ArgoLua.OfferedAsync(cancelled)).ShouldBeEmpty();
        cancelled["spec"]!.AsObject().Remove("cancel");
        JsonNode.DeepEquals(JsonNode.Parse(cancelled.ToJsonString()), JsonNode.Parse(fresh.ToJsonString())).ShouldBeTrue("nothing else is changed");
    }

    [Fact]
    public async Task A_rollback_is_a_release_of_its_own_below_the_stack()
    {
        var operation = (await ArgoLua.ActAsync("rollback", Release(ReleasePhase.Superseded, true))).AsArray().ShouldHaveSingleItem()!;

        operation.Text("operation").ShouldBe("create");
        var made = operation["resource"]!;
        made.Text("metadata.namespace").ShouldBe("prod");
        made.Text("metadata.name")!.ShouldMatch("^shop-rollback-20[0-9]{12}$");
        made.At("spec.source")!.ToJsonString().ShouldBe("""{"rollback":{"version":"20261122.4"}}""");
        made.Text("spec.stack").ShouldBe("shop");
        made.Text("metadata.ownerReferences.0.uid").ShouldBe(Samples.StackUid.ToString());
        made.At("metadata.labels").ShouldBeNull("a sync would prune it");
    }

    [Theory]
    [InlineData(38)]
    [InlineData(39)]
    [InlineData(63)]
    public async Task Its_name_is_no_longer_than_a_Deployments_may_be(int length)
    {
        var release = Release(ReleasePhase.RolledBack, true);
        release["spec"]!["stack"] = new string('s', length);

        var made = (await ArgoLua.ActAsync("rollback", release))[0]!["resource"]!;

        made.Text("metadata.name")!.Length.ShouldBeLessThanOrEqualTo(63);
        made.Text("metadata.name")!.StartsWith('s').ShouldBe(length < 40);
    }

    [Fact]
    public async Task A_stack_is_suspended_and_resumed()
    {
        var stack = ShownStatus.All.Single(shown => shown.Name == "Stack active").Object;
        (await ArgoLua.OfferedAsync(stack)).ShouldBe(["suspend"]);
        var suspended = await ArgoLua.ActAsync("suspend", stack);
        (await ArgoLua.OfferedAsync(suspended)).ShouldBe(["resume"]);
        (await ArgoLua.OfferedAsync(await ArgoLua.ActAsync("resume", suspended))).ShouldBe(["suspend"]);
    }

    private static JsonObject Release(ReleasePhase phase, bool wasActive)
    {
        var row = wasActive && phase != ReleasePhase.Active
            ? Samples.Release(phase, ReleasePhase.Pending, ReleasePhase.Activating, ReleasePhase.Active)
            : Samples.Release(phase, ReleasePhase.Pending);
        return ShownStatus.OfRelease(row);
    }
}
