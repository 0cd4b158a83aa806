using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Registry;
using Xunit;

namespace Slipway.Operator.Tests.Fixtures;

public sealed class FakeRegistryTests
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task Every_content_has_the_digest_under_which_it_is_named()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var image = registry.Push("team/app", "1", FakeImageForm.OciIndex);

        var index = await ReadAsync(registry, $"team/app/manifests/{image.Tag}", image.Digest);
        foreach (var (platform, digest) in image.PlatformDigests)
        {
            index.Items("manifests").ShouldContain(manifest => manifest.Text("digest") == digest, platform);
            var manifest = await ReadAsync(registry, $"team/app/manifests/{digest}", digest);
            var config = manifest.Text("config.digest")!;
            image.ConfigDigests.ShouldContain(config);
            await ReadAsync(registry, $"team/app/blobs/{config}", config);
        }
    }

    [Fact]
    public async Task A_protected_repository_answers_only_with_a_token_of_its_scope()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Push("team/app");
        registry.Push("team/other");
        registry.Protect("team/app", "robot", "secret", withTokens: true);
        var url = new Uri($"http://{registry.Host}/v2/team/app/manifests/1");

        using var refused = await Http.GetAsync(url);
        using var asked = Request($"http://{registry.Host}/token?service=fake-registry&scope=repository:team/app:pull", "Basic", "cm9ib3Q6c2VjcmV0");
        using var given = await Http.SendAsync(asked);
        var token = JsonNode.Parse(await given.Content.ReadAsStringAsync()).Text("token")!;
        using var again = Request(url.ToString(), "Bearer", token);
        using var admitted = await Http.SendAsync(again);

        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Headers.WwwAuthenticate.ToString().ShouldContain("scope=\"repository:team/app:pull\"");
        admitted.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_fault_lasts_until_it_is_healed()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var url = new Uri($"http://{registry.Push("team/app").Host}/v2/team/app/manifests/1");
        registry.Fail("team/app", new RegistryFault(HttpStatusCode.ServiceUnavailable));

        using var failed = await Http.GetAsync(url);
        registry.Heal("team/app");
        using var healed = await Http.GetAsync(url);

        failed.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        healed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static HttpRequestMessage Request(string url, string scheme, string credentials) =>
        new(HttpMethod.Get, url) { Headers = { Authorization = new(scheme, credentials) } };

    private static async Task<JsonNode> ReadAsync(FakeRegistry registry, string path, string digest)
    {
        using var response = await Http.GetAsync(new Uri($"http://{registry.Host}/v2/{path}"));
        var bytes = await response.Content.ReadAsByteArrayAsync();
        response.Headers.GetValues("Docker-Content-Digest").ShouldBe([digest]);
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}".ShouldBe(digest);
        return JsonNode.Parse(bytes)!;
    }
}
