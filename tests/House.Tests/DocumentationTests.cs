using System.Text.RegularExpressions;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.House.Tests;

/// <summary>What the documentation shows must work.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages() => new(Checkout.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)));

    public static TheoryData<string> Samples() => new(Checkout.Files.Where(file => file.StartsWith("config/samples/", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_yaml_block_is_valid(string page)
    {
        foreach (Match block in YamlBlock().Matches(Checkout.Read(page)))
        {
            var documents = Yaml.ReadAll(block.Groups[1].Value);
            documents.SelectMany(SchemaCheck.Errors).ShouldBeEmpty($"{page}:\n{block.Groups[1].Value}");
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_sample_is_valid(string sample)
    {
        var documents = Yaml.ReadAll(Checkout.Read(sample));

        documents.ShouldNotBeEmpty();
        documents.SelectMany(SchemaCheck.Errors).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"apiVersion":"slipway.dev/v1alpha1","kind":"Deployment","spec":{"stack":"web","source":{"image":"a"},"extra":1}}""", "spec.extra: no such field")]
    [InlineData("""{"apiVersion":"slipway.dev/v1alpha1","kind":"Deployment","spec":{"source":{"image":"a"}}}""", "spec.stack: required")]
    [InlineData("""{"apiVersion":"slipway.dev/v1alpha1","kind":"Deployment","spec":{"stack":"","source":{"image":"a"}}}""", "is outside of")]
    [InlineData("""{"apiVersion":"slipway.dev/v1alpha1","kind":"Deployment","spec":{"stack":"web","source":{"rollback":{"version":"3"}}}}""", "does not match")]
    [InlineData("""{"apiVersion":"slipway.dev/v1alpha1","kind":"Stack","spec":{"template":{"spec":{"containers":[]}}}}""", "is outside of")]
    [InlineData("""{"apiVersion":"slipway.dev/v1alpha1","kind":"Stack","spec":{"suspend":"yes","template":{"spec":{"containers":[{"name":"app"}]}}}}""", "not a boolean")]
    [InlineData("""{"apiVersion":"slipway.dev/v1alpha1","kind":"Stack","spec":{"deletionPolicy":"Keep","template":{"spec":{"containers":[{"name":"app"}]}}}}""", "is not one of")]
    [InlineData("""{"apiVersion":"slipway.dev/v1alpha1","kind":"EnvPatch","spec":{"stack":"web","set":{"PORT":8080}}}""", "not a string")]
    [InlineData("""{"apiVersion":"slipway.dev/v1alpha1","kind":"EnvPatch","spec":{"stack":"web","setFrom":[{"keys":["A"]}]}}""", "name: required")]
    public void The_check_finds_what_a_server_would_refuse(string document, string error) =>
        SchemaCheck.Errors(System.Text.Json.Nodes.JsonNode.Parse(document)).ShouldContain(line => line.Contains(error, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_make_target_that_is_named_exists(string page)
    {
        var targets = Target().Matches(Checkout.Read("Makefile")).Select(match => match.Groups[1].Value).ToList();

        MakeCommand().Matches(Checkout.Read(page)).Select(match => match.Groups[1].Value).ShouldBeSubsetOf(targets);
    }

    [Fact]
    public void Make_help_explains_every_target() =>
        Target().Matches(Checkout.Read("Makefile")).Select(match => match.Value).ShouldAllBe(line => line.Contains("## ", StringComparison.Ordinal));

    [GeneratedRegex(@"```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex("^([a-z][a-z-]*):.*$", RegexOptions.Multiline)]
    private static partial Regex Target();

    [GeneratedRegex(@"(?:`|^\s*|&& )make ([a-z][a-z-]*)", RegexOptions.Multiline)]
    private static partial Regex MakeCommand();
}
