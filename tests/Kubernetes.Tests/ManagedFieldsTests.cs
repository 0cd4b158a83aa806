using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Slipway.Kubernetes.Tests;

public sealed class ManagedFieldsTests
{
    [Theory]
    [InlineData("""{"manager":"slipway","operation":"Update","fieldsV1":{}}""", false)]
    [InlineData("""{"fieldsV1":{"f:manager":{}},"operation":"Update","manager":"slipway","subresource":""}""", false)]
    [InlineData("""{"manager":"slipway","operation":"Apply","fieldsV1":{}}""", true)]
    [InlineData("""{"manager":"kubectl","operation":"Update","fieldsV1":{}}""", true)]
    [InlineData("""{"manager":"slipway","operation":"Update","subresource":"status","fieldsV1":{}}""", true)]
    public void Knows_whether_there_is_something_to_adopt(string entry, bool complete)
    {
        var body = $$$"""{"kind":"X","metadata":{"name":"a","managedFields":[{"manager":"other","operation":"Apply"},{{{entry}}}]}}""";

        ManagedFields.IsComplete(Encoding.UTF8.GetBytes(body), "slipway").ShouldBe(complete);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a"}}""")]
    [InlineData("""{"kind":"X"}""")]
    public void An_object_without_managed_fields_has_nothing_to_adopt(string body) =>
        ManagedFields.IsComplete(Encoding.UTF8.GetBytes(body), "slipway").ShouldBeTrue();

    [Fact]
    public void What_was_created_becomes_applied() =>
        Adopt("""[{"manager":"slipway","operation":"Update","time":"t","fieldsV1":{"f:spec":{"f:a":{}}}}]""")
            .ShouldBe("""[{"manager":"slipway","operation":"Apply","time":"t","fieldsV1":{"f:spec":{"f:a":{}}}}]""");

    [Fact]
    public void What_was_created_joins_what_is_applied_already() =>
        Adopt(
            """
            [{"manager":"slipway","operation":"Update","fieldsV1":{"f:spec":{"f:a":{},"f:b":{"f:c":{}}}}},
             {"manager":"slipway","operation":"Apply","fieldsV1":{"f:spec":{"f:b":{"f:d":{}}}}}]
            """).ShouldBe("""[{"manager":"slipway","operation":"Apply","fieldsV1":{"f:spec":{"f:b":{"f:d":{},"f:c":{}},"f:a":{}}}}]""");

    [Fact]
    public void The_fields_of_others_and_of_the_status_are_left_alone() =>
        Adopt(
            """
            [{"manager":"hpa","operation":"Update","fieldsV1":{"f:spec":{"f:replicas":{}}}},
             {"manager":"slipway","operation":"Update","fieldsV1":{"f:spec":{}}},
             {"manager":"slipway","operation":"Update","subresource":"status","fieldsV1":{"f:status":{}}}]
            """).ShouldBe(
            """[{"manager":"hpa","operation":"Update","fieldsV1":{"f:spec":{"f:replicas":{}}}},{"manager":"slipway","operation":"Apply","fieldsV1":{"f:spec":{}}},{"manager":"slipway","operation":"Update","subresource":"status","fieldsV1":{"f:status":{}}}]""");

    [Fact]
    public void A_claim_given_up_leaves_what_was_applied_and_what_is_others() =>
        ManagedFields.Disown(
            JsonNode.Parse(
                """
                [{"manager":"slipway","operation":"Update","fieldsV1":{"f:spec":{"f:replicas":{}}}},
                 {"manager":"slipway","operation":"Apply","fieldsV1":{"f:spec":{}}},{"manager":"hpa","operation":"Update","fieldsV1":{}}]
                """)!.AsArray(),
            "slipway").ToJsonString()
            .ShouldBe("""[{"manager":"slipway","operation":"Apply","fieldsV1":{"f:spec":{}}},{"manager":"hpa","operation":"Update","fieldsV1":{}}]""");

    private static string Adopt(string entries) => ManagedFields.Adopt(JsonNode.Parse(entries)!.AsArray(), "slipway").ToJsonString();
}
