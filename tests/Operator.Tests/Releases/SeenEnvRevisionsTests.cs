using Shouldly;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Operator.Releases;
using Slipway.Operator.Tests.EnvPatches;
using Xunit;

namespace Slipway.Operator.Tests.Releases;

public sealed class SeenEnvRevisionsTests
{
    private static readonly string Uid = Samples.StackUid.ToString();
    private static readonly Stack Stack = Samples.Stack() with { Status = new StackStatus { EnvRevision = 3 } };

    [Fact]
    public void The_highest_counts_whoever_shows_it()
    {
        SeenEnvRevisions.Highest(Samples.Stack(), [], []).ShouldBeNull();
        SeenEnvRevisions.Highest(Stack, [], []).ShouldBe(3);
        SeenEnvRevisions.Highest(Stack, [Release(5, Uid)], [Patch(4, Uid)]).ShouldBe(5);
        SeenEnvRevisions.Highest(Stack, [Release(5, Uid)], [Patch(6, Uid)]).ShouldBe(6);
    }

    [Fact]
    public void What_is_bound_to_a_former_stack_of_the_name_says_nothing_of_this_one() =>
        SeenEnvRevisions.Highest(Stack, [Release(5, "former"), Samples.Deployment()], [Patch(6, "former"), PatchSamples.Patch()]).ShouldBe(3);

    [Fact]
    public void A_ledger_that_is_behind_is_told_with_the_number_and_the_remedy()
    {
        SeenEnvRevisions.Behind(9).ShouldContain("revision 9");
        SeenEnvRevisions.Behind(9).ShouldContain("slipway ledger repair");
    }

    private static Deployment Release(long revision, string stack) =>
        Samples.Deployment() with { Status = new DeploymentStatus { EnvRevision = revision, StackUid = stack } };

    private static EnvPatch Patch(long revision, string stack) =>
        PatchSamples.Patch(status: new EnvPatchStatus { Revision = revision, StackUid = stack });
}
