using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Slipway.Kubernetes.Tests;

public sealed class JsonPatchTests
{
    [Fact]
    public void Writes_each_operation_in_order()
    {
        var patch = new JsonPatch().Test("/a", "x").Add("/b/-", 1).Replace("/c", new JsonObject { ["d"] = true }).Remove("/e").Test("/f", null);

        patch.ToJson().ShouldBe(
            """[{"op":"test","path":"/a","value":"x"},{"op":"add","path":"/b/-","value":1},{"op":"replace","path":"/c","value":{"d":true}},{"op":"remove","path":"/e"},{"op":"test","path":"/f","value":null}]""");
    }

    [Fact]
    public void Remembers_the_version_it_insists_on()
    {
        var patch = new JsonPatch().AtVersion("7");

        patch.ResourceVersion.ShouldBe("7");
        patch.ToJson().ShouldBe("""[{"op":"replace","path":"/metadata/resourceVersion","value":"7"}]""");
    }

    [Fact]
    public void Escapes_names_in_paths() =>
        JsonPatch.Path("metadata", "annotations", "slipway.dev/re~run").ShouldBe("/metadata/annotations/slipway.dev~1re~0run");
}
