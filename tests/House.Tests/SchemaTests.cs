using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Manifests;
using Slipway.Manifests.Schema;
using Xunit;

namespace Slipway.House.Tests;

/// <summary>What API servers from 1.20 to the newest demand of a structural schema, and what we demand beyond.</summary>
public sealed class SchemaTests
{
    public static TheoryData<string> Kinds() => new(Kind.All.Select(kind => kind.Resource.FullName));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Everything_is_described(string name) =>
        Nodes(name).Where(node => node.IsProperty && !node.Path.EndsWith(".metadata", StringComparison.Ordinal))
            .Where(node => string.IsNullOrWhiteSpace((string?)node.Schema["description"])).Select(node => node.Path).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_value_has_one_type_and_may_not_be_null(string name)
    {
        foreach (var (path, schema, _) in Nodes(name))
        {
            var anyType = schema.ContainsKey("x-kubernetes-int-or-string");
            (schema["type"] is JsonValue).ShouldBe(!anyType, path);
            schema.ContainsKey("nullable").ShouldBeFalse(path);
            schema.ContainsKey("$ref").ShouldBeFalse(path);
            (schema["enum"] as JsonArray ?? []).ShouldAllBe(word => word != null, path);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_list_says_how_it_is_merged(string name)
    {
        foreach (var (path, schema, _) in Nodes(name).Where(node => (string?)node.Schema["type"] == "array"))
        {
            ((string?)schema["x-kubernetes-list-type"]).ShouldBeOneOf(["atomic", "map"], path);
            var required = schema["items"]!["required"]?.AsArray().Select(key => (string?)key).ToList() ?? [];
            foreach (var key in schema["x-kubernetes-list-map-keys"] as JsonArray ?? [])
            {
                required.ShouldContain((string?)key, path);
            }
        }
    }

    /// <summary>An API server estimates what a rule may cost at worst, and refuses a definition that compares unbounded values.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_below_a_cel_rule_is_bounded(string name)
    {
        foreach (var rule in Nodes(name).Where(node => node.Schema.ContainsKey("x-kubernetes-validations") && node.Path != name))
        {
            foreach (var (path, schema, _) in Nodes(rule.Schema, rule.Path))
            {
                var bound = (string?)schema["type"] switch
                {
                    "string" => schema.ContainsKey("maxLength") || schema.ContainsKey("enum") || schema.ContainsKey("format"),
                    "array" => schema.ContainsKey("maxItems"),
                    "object" => !schema.ContainsKey("additionalProperties") || schema.ContainsKey("maxProperties"),
                    _ => true,
                };
                bound.ShouldBeTrue($"{path} needs a bound: [Schema(MaxLength = …)] or [Schema(MaxItems = …)]");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rules_of_the_whole_object_read_nothing_but_its_metadata(string name)
    {
        var rules = Nodes(name).Single(node => node.Path == name).Schema["x-kubernetes-validations"] as JsonArray ?? [];

        rules.Select(rule => (string?)rule!["rule"]).ShouldAllBe(rule => !rule!.Contains("self.spec", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_object_nobody_has_looked_at_reads_as_in_progress(string name)
    {
        var status = Schema(name)["properties"]!["status"]!;

        status["default"]!.ToJsonString().ShouldBe("""{"observedGeneration":-1}""");
        ((string?)status["properties"]!["observedGeneration"]!["format"]).ShouldBe("int64");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Defaults_are_valid_themselves(string name)
    {
        foreach (var (path, schema, _) in Nodes(name).Where(node => node.Schema.ContainsKey("default") && node.Schema["enum"] is not null))
        {
            schema["enum"]!.AsArray().Select(word => (string?)word).ShouldContain((string?)schema["default"], path);
        }
    }

    /// <summary>Or nobody would be told which of them it is, and in no status.</summary>
    [Theory]
    [InlineData("""{"stack":"web"}""")]
    [InlineData("""{"stack":"web","set":{},"setFrom":[],"unset":[],"reset":[]}""")]
    [InlineData("""{"stack":"web","set":{"":"1","1A":"1","a b":"1","A=B":"1"},"unset":[""],"reset":["ä"],"setFrom":[{"name":"db","keys":["tls.crt",""]}]}""")]
    public void A_patch_with_wrong_keys_or_none_gets_as_far_as_the_operator(string spec) =>
        SchemaCheck.Errors(JsonNode.Parse($$"""{"apiVersion":"slipway.dev/v1alpha1","kind":"EnvPatch","spec":{{spec}}}""")).ShouldBeEmpty();

    [Fact]
    public void A_property_without_a_description_is_named_by_its_path()
    {
        var kind = new Kind(new Slipway.Crds.Meta.ResourceType("example.com", "v1", "Thing", "things"), UndescribedJson.Default.UndescribedThing);

        Should.Throw<InvalidOperationException>(() => StructuralSchema.Of(kind)).Message.ShouldContain("things.example.com.spec.color");
    }

    private static JsonObject Schema(string name) => StructuralSchema.Of(Kind.All.Single(kind => kind.Resource.FullName == name));

    private static IEnumerable<(string Path, JsonObject Schema, bool IsProperty)> Nodes(string name) => Nodes(Schema(name), name);

    private static IEnumerable<(string Path, JsonObject Schema, bool IsProperty)> Nodes(JsonObject schema, string path, bool isProperty = false)
    {
        var below = (schema["properties"] as JsonObject ?? []).Select(child => (Path: $"{path}.{child.Key}", child.Value, Is: true))
            .Concat(new[] { "items", "additionalProperties" }.Select(keyword => (Path: $"{path}[]", Value: schema[keyword], Is: false)))
            .Where(child => child.Value is JsonObject);
        return [(path, schema, isProperty), .. below.SelectMany(child => Nodes(child.Value!.AsObject(), child.Path, child.Is))];
    }
}
