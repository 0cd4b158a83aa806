using Shouldly;
using Slipway.Kubernetes.Resources;
using Slipway.Operator.Stacks;
using Xunit;

namespace Slipway.Operator.Tests.Stacks;

public sealed class EnvSecretsTests
{
    [Fact]
    public void A_Secret_is_named_after_stack_and_revision()
    {
        EnvSecrets.NameOf(Samples.StackUid, 12).ShouldBe($"slipway-env-{Samples.StackUid}-12");
        EnvSecrets.IsOne(EnvSecrets.NameOf(Samples.StackUid, long.MaxValue)).ShouldBeTrue();
        EnvSecrets.NameOf(Samples.StackUid, long.MaxValue).Length.ShouldBeLessThanOrEqualTo(253);
        EnvSecrets.IsOne("slipway-environment").ShouldBeFalse();
        EnvSecrets.IsOne(null).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{}""", "")]
    [InlineData("""{"spec":{}}""", "")]
    [InlineData("""{"spec":{"containers":[{"name":"app"}]}}""", "")]
    [InlineData("""{"spec":{"containers":[{"envFrom":[{"configMapRef":{"name":"slipway-env-1"}},{"secretRef":{}},{"secretRef":{"name":"mine"}}]}]}}""", "")]
    [InlineData(
        """{"spec":{"initContainers":[{"envFrom":[{"secretRef":{"name":"slipway-env-1"}}]}],"containers":[{"envFrom":[{"secretRef":{"name":"slipway-env-1"}}]},{"envFrom":[{"secretRef":{"name":"slipway-env-2"}}]}]}}""",
        "slipway-env-1 slipway-env-2")]
    public void Finds_those_that_the_pods_of_a_workload_read(string template, string names) => string.Join(
        ' ', EnvSecrets.ReadBy(Samples.Workload() with { Spec = new V1DeploymentSpec { Template = Samples.Json(template) } })).ShouldBe(names);

    [Fact]
    public void A_workload_that_says_nothing_of_its_pods_reads_none() =>
        EnvSecrets.ReadBy(Samples.Workload() with { Spec = null }).ShouldBeEmpty();
}
