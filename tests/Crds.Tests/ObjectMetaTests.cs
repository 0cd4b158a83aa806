using Shouldly;
using Slipway.Crds.Meta;
using Xunit;

namespace Slipway.Crds.Tests;

public sealed class ObjectMetaTests
{
    [Fact]
    public void Only_the_owner_that_controls_is_the_controller()
    {
        var owner = new OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "a", Uid = "1" };
        var controller = owner with { Name = "b", Controller = true };

        new ObjectMeta { OwnerReferences = [owner, controller] }.Controller().ShouldBe(controller);
        new ObjectMeta { OwnerReferences = [owner, owner with { Controller = false }] }.Controller().ShouldBeNull();
        new ObjectMeta().Controller().ShouldBeNull();
    }

    [Fact]
    public void Labels_annotations_and_finalizers_may_be_absent()
    {
        var empty = new ObjectMeta();
        var full = new ObjectMeta
        {
            Labels = new Dictionary<string, string> { ["a"] = "1" },
            Annotations = new Dictionary<string, string> { ["b"] = "2" },
            Finalizers = ["slipway.dev/release"],
        };

        (empty.Label("a"), empty.Annotation("b"), empty.HasFinalizer("slipway.dev/release")).ShouldBe((null, null, false));
        (full.Label("a"), full.Annotation("b"), full.HasFinalizer("slipway.dev/release")).ShouldBe(("1", "2", true));
        (full.Label("b"), full.Annotation("a"), full.HasFinalizer("other")).ShouldBe((null, null, false));
    }

    [Theory]
    [InlineData("shop", "web", "shop/web")]
    [InlineData("", "team", "team")]
    public void A_key_prints_as_kubectl_would(string @namespace, string name, string text) =>
        new NamespacedName(@namespace, name).ToString().ShouldBe(text);
}
