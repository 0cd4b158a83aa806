using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Xunit;

namespace Slipway.Crds.Tests;

public sealed class ResourceTypeTests
{
    [Theory]
    [InlineData("", "v1", "pods", "v1", "pods")]
    [InlineData("apps", "v1", "deployments", "apps/v1", "deployments.apps")]
    public void The_core_group_has_no_name(string group, string version, string plural, string apiVersion, string fullName)
    {
        var type = new ResourceType(group, version, "Kind", plural);

        type.ApiVersion.ShouldBe(apiVersion);
        type.FullName.ShouldBe(fullName);
        type.Namespaced.ShouldBeTrue();
    }

    [Fact]
    public void Our_kinds_are_in_our_group()
    {
        Stack.Type.FullName.ShouldBe("stacks.slipway.dev");
        Deployment.Type.FullName.ShouldBe("deployments.slipway.dev");
        EnvPatch.Type.FullName.ShouldBe("envpatches.slipway.dev");
        Deployment.Type.ApiVersion.ShouldBe("slipway.dev/v1alpha1");
    }

    [Fact]
    public void A_new_object_says_what_it_is()
    {
        var deployment = new Deployment { Spec = new DeploymentSpec { Stack = "web", Source = new ReleaseSource() } };

        (deployment.ApiVersion, deployment.Kind).ShouldBe((Deployment.Type.ApiVersion, Deployment.Type.Kind));
    }
}
