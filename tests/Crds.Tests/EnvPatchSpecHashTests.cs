using System.Text.Json;
using Shouldly;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Xunit;

namespace Slipway.Crds.Tests;

/// <summary>Hashes are stored: one that changes would make the operator merge a patch again that it has merged already.</summary>
public sealed class EnvPatchSpecHashTests
{
    private const string Set = """{"stack":"web","set":{"A":"1","B":"2"}}""";

    [Theory]
    [InlineData(Set, "ad6e5accb3a6e914c2d07cc4132923cae4828b64f696ab008692466adca9c602")]
    [InlineData("""{"stack":"web","set":{"Z":"ä","_a":"","A":"a b"},"release":false}""", "32750538a80f06d935330a0d8766d8772bb224a81180e5005b1ec8ed8fd91872")]
    [InlineData("""{"stack":"web","setFrom":[{"name":"db"},{"name":"mail","keys":["USER","PASSWORD"]}],"unset":["A"],"reset":["B"]}""", "d9d864334e3254e8e7e33e5394d8620aa238d76ad287c9af7628cdbb92c48953")]
    [InlineData("""{"stack":"web"}""", "19a4b2f48f3272d71b5aa652ab957bfb4cc015ded6d31bf95e2b9106ad9ddebb")]
    public void The_hash_of_a_spec_never_changes(string spec, string hash) => Hash(spec).ShouldBe(hash);

    [Theory]
    [InlineData("""{"stack":"web","set":{"B":"2","A":"1"}}""")]
    [InlineData("""{"set":{"B":"2","A":"1"},"stack":"web"}""")]
    public void The_order_of_variables_and_fields_does_not_count(string spec) => Hash(spec).ShouldBe(Hash(Set));

    [Fact]
    public void Variables_are_ordered_the_same_way_everywhere() =>
        Hash("""{"stack":"web","set":{"a":"1","_":"2","B":"3","É":"4"}}""").ShouldBe(Hash("""{"stack":"web","set":{"É":"4","B":"3","_":"2","a":"1"}}"""));

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    public void A_default_that_the_server_wrote_out_does_not_count(string release) =>
        Hash($$"""{"stack":"web","set":{"A":"1","B":"2"},"release":{{release}}}""").ShouldBe(Hash(Set));

    [Theory]
    [InlineData("""{"stack":"api","set":{"A":"1","B":"2"}}""")]
    [InlineData("""{"stack":"web","set":{"A":"2","B":"1"}}""")]
    [InlineData("""{"stack":"web","set":{"A":"1","b":"2"}}""")]
    [InlineData("""{"stack":"web","set":{"A":"1","B":"2","C":""}}""")]
    [InlineData("""{"stack":"web","set":{"A":"1","B":"2"},"setFrom":[{"name":"db"}]}""")]
    [InlineData("""{"stack":"web","set":{"A":"1","B":"2"},"unset":["C"]}""")]
    [InlineData("""{"stack":"web","set":{"A":"1","B":"2"},"reset":["C"]}""")]
    [InlineData("""{"stack":"web","set":{"A":"1","B":"2"},"release":false}""")]
    public void Everything_else_counts(string spec) => Hash(spec).ShouldNotBe(Hash(Set));

    [Theory]
    [InlineData("""[{"name":"db"},{"name":"mail"}]""", """[{"name":"mail"},{"name":"db"}]""")]
    [InlineData("""[{"name":"db"}]""", """[{"name":"db","keys":["A"]}]""")]
    public void Which_secrets_and_in_which_order_counts(string one, string other) =>
        Hash($$"""{"stack":"web","setFrom":{{one}}}""").ShouldNotBe(Hash($$"""{"stack":"web","setFrom":{{other}}}"""));

    private static string Hash(string spec) =>
        EnvPatchSpecHash.Of(JsonSerializer.Deserialize(spec, CrdsJson.Default.EnvPatchSpec)!);
}
