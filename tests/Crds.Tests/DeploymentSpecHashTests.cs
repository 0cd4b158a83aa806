using System.Text.Json;
using Shouldly;
using Slipway.Crds.V1Alpha1.Deployments;
using Xunit;

namespace Slipway.Crds.Tests;

/// <summary>Hashes are stored: one that changes would make the operator take every finished release for an edited one.</summary>
public sealed class DeploymentSpecHashTests
{
    private const string Image = """{"stack":"web","source":{"image":"registry.example/web:1"}}""";

    [Theory]
    [InlineData(Image, "0d1aa7c04d98c6a5d13e3f32c4b68dfcff8dfa8a9e64c33a80380e11c7f41563")]
    [InlineData("""{"stack":"web","source":{"image":"registry.example/web:1"},"requestedBy":"jane@example.com"}""", "eefc2c860f02962e37722ee39af3e0502c4ab59d061496d63e1132e8888db422")]
    [InlineData("""{"stack":"web","source":{"git":{"url":"https://git.example/web.git","revision":"main"}}}""", "30a815df86306608c2153460631f0aae9b50472ab960791edeaee4659de59471")]
    [InlineData("""{"stack":"web","source":{"rollback":{"version":"20261122.3"}}}""", "2fa47f9ee208d82a23c49df12f5a4c242cb0d76c9a79c07ad6ebdebab80724da")]
    [InlineData("""{"stack":"web","source":{"current":{}}}""", "e0260d0e4b7c2a4dfdc8272a8b046f7adde6259eb1805872663fc648f7c67560")]
    [InlineData("""{"stack":"web","source":{"current":{"envRevision":3}}}""", "6b2e1e03373ccd2bc0cfcd5c563a319651d1ff880741f95f3f0209716a6b41eb")]
    public void The_hash_of_a_spec_never_changes(string spec, string hash) => Hash(spec).ShouldBe(hash);

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("null")]
    public void The_wish_to_cancel_does_not_count(string cancel) =>
        Hash(Image.Replace("\"stack\"", $"\"cancel\":{cancel},\"stack\"", StringComparison.Ordinal)).ShouldBe(Hash(Image));

    [Fact]
    public void The_order_of_the_fields_does_not_count() =>
        Hash("""{"source":{"image":"registry.example/web:1"},"stack":"web"}""").ShouldBe(Hash(Image));

    [Fact]
    public void A_revision_that_is_not_asked_for_does_not_count() =>
        Hash("""{"stack":"web","source":{"current":{"envRevision":null}}}""").ShouldBe(Hash("""{"stack":"web","source":{"current":{}}}"""));

    [Theory]
    [InlineData("""{"stack":"api","source":{"image":"registry.example/web:1"}}""")]
    [InlineData("""{"stack":"web","source":{"image":"registry.example/web:2"}}""")]
    [InlineData("""{"stack":"web","source":{"image":"registry.example/web:1"},"requestedBy":""}""")]
    public void Everything_else_counts(string spec) => Hash(spec).ShouldNotBe(Hash(Image));

    private static string Hash(string spec) =>
        DeploymentSpecHash.Of(JsonSerializer.Deserialize(spec, CrdsJson.Default.DeploymentSpec)!);
}
