using System.Text;
using System.Text.Json;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Tests.Kinds;
using Xunit;

namespace Slipway.Kubernetes.Tests;

public sealed class ListDecoderTests
{
    [Fact]
    public void One_malformed_object_does_not_hide_the_others()
    {
        var list = Decode(
            """
            {"kind":"ConfigMapList","metadata":{"resourceVersion":"9","continue":"next","remainingItemCount":3},"items":[
              {"metadata":{"name":"a"},"data":{"k":"v"}},
              {"metadata":{"name":"b","namespace":"shop","resourceVersion":"5"},"data":{"k":{"nested":[1,2]}}},
              {"metadata":{"name":"c"}}]}
            """);

        list.Items.Select(item => item.Metadata.Name).ShouldBe(["a", "c"]);
        list.ResourceVersion.ShouldBe("9");
        list.Continue.ShouldBe("next");
        list.Skipped.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            skipped => skipped.Key.ShouldBe(new NamespacedName("shop", "b")),
            skipped => skipped.Event.ShouldBeNull(),
            skipped => skipped.ResourceVersion.ShouldBe("5"));
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"9","continue":""},"items":[]}""")]
    [InlineData("""{"items":null,"metadata":{"resourceVersion":"9"}}""")]
    public void An_empty_list_is_one(string json)
    {
        var list = Decode(json);

        list.Items.ShouldBeEmpty();
        list.ResourceVersion.ShouldBe("9");
        list.Continue.ShouldBeNull();
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"items":[{"metadata":{"name":"a"}},""")]
    public void What_is_no_list_is_an_error(string json) => Should.Throw<JsonException>(() => Decode(json));

    private static ResourceList<V1ConfigMap> Decode(string json) => ListDecoder.Decode(Encoding.UTF8.GetBytes(json), V1ConfigMap.Json);
}
