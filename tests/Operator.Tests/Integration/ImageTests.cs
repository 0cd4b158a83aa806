using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Nodes;
using Slipway.Testing.Registry;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

[Collection(ClusterCollection.Name)]
public sealed class ImageTests(OperatorWorld world) : IClassFixture<OperatorWorld>
{
    public static TheoryData<FakeImageForm, string> EquivalentDigests => new()
    {
        { FakeImageForm.OciIndex, "index" },
        { FakeImageForm.OciIndex, "platform" },
        { FakeImageForm.OciIndex, "config" },
        { FakeImageForm.DockerManifestList, "platform" },
        { FakeImageForm.DockerManifest, "config" },
    };

    [Theory]
    [MemberData(nameof(EquivalentDigests))]
    public async Task A_pod_may_report_any_digest_that_is_the_same_image(FakeImageForm form, string reported)
    {
        FakeImage? image = null;
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.Ready with { ImageId = Reported(image!, reported) });
        image = scene.Push(form: form);
        await scene.StackAsync();
        await scene.ReleaseAsync("one", image.ByTag);

        var release = await scene.PhaseAsync("one", "Active");

        release.Text("status.imageReference").ShouldEndWith($"@{image.Digest}");
    }

    [Fact]
    public async Task A_pod_that_runs_something_else_never_counts()
    {
        var wrong = $"example.org/other@sha256:{new string('0', 64)}";
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.Ready with { ImageId = wrong });
        await scene.StackAsync();
        await scene.ReleaseAsync("one", scene.Push().ByTag);

        var refused = await scene.SeeReleaseAsync(
            "one", "the wrong digest is noticed", release => release.Text("status.message")?.Contains(wrong[^64..], StringComparison.Ordinal) == true);
        await world.Node.ShowAsync((await scene.PodsAsync()).Single(), PodBehaviour.Ready);

        refused.Text("status.phase").ShouldBe("Activating");
        await scene.PhaseAsync("one", "Active");
    }

    [Fact]
    public async Task A_tag_is_resolved_once()
    {
        var gate = new Gate();
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.ReadyAfter(gate));
        var first = scene.Push(tag: "latest");
        await scene.StackAsync();
        await scene.ReleaseAsync("one", first.ByTag);
        await scene.PhaseAsync("one", "Activating");

        scene.Push(tag: "latest").Digest.ShouldNotBe(first.Digest);
        gate.Open();

        (await scene.PhaseAsync("one", "Active")).Text("status.imageReference").ShouldEndWith($"@{first.Digest}");
    }

    [Fact]
    public async Task A_reference_with_a_digest_is_taken_as_it_is()
    {
        await using var scene = await world.NewSceneAsync();
        var image = scene.Push();
        await scene.StackAsync();
        await scene.ReleaseAsync("one", image.ByDigest);

        (await scene.PhaseAsync("one", "Active")).Text("status.imageReference").ShouldBe(image.ByDigest);
    }

    [Fact]
    public async Task An_image_that_only_the_node_has_takes_its_digest_from_the_pods()
    {
        var digest = $"sha256:{new string('7', 64)}";
        await using var scene = await world.NewSceneAsync(_ => PodBehaviour.Ready with { ImageId = $"docker.io/library/local@{digest}" });
        await scene.StackAsync(spec: StackSpecs.Container("imagePullPolicy", "Never"));
        await scene.ReleaseAsync("one", $"{world.Registry.Host}/{scene.Namespace.Name}/local:1");

        var release = await scene.PhaseAsync("one", "Active");

        release.Text("status.imageReference").ShouldEndWith($"@{digest}");
        world.Registry.Requests.ShouldNotContain(request => request.Path.Contains(scene.Namespace.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_that_the_registry_does_not_have_fails_the_release_and_nothing_runs()
    {
        await using var scene = await world.NewSceneAsync();
        await scene.StackAsync(spec: StackSpecs.Deadline(3));
        var image = $"{world.Registry.Host}/{scene.Namespace.Name}/absent:1";
        await scene.ReleaseAsync("one", image);

        var release = await scene.PhaseAsync("one", "Failed");

        release.Text("status.failure.reason").ShouldBe("ImageUnavailable");
        release.Text("status.failure.message")!.ShouldContain($"{scene.Namespace.Name}/absent");
        release.ConditionText("Stalled").ShouldBe("True ImageUnavailable");
        (await scene.WorkloadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_registry_that_is_down_holds_the_release_until_it_is_back()
    {
        await using var scene = await world.NewSceneAsync();
        var image = scene.Push();
        world.Registry.Fail(image.Repository, new RegistryFault(HttpStatusCode.ServiceUnavailable));
        await scene.StackAsync();
        await scene.ReleaseAsync("one", image.ByTag);

        var waiting = await scene.SeeReleaseAsync(
            "one", "the registry's answer", release => release.Text("status.message")?.Contains("503", StringComparison.Ordinal) == true);
        world.Registry.Heal(image.Repository);

        waiting.Text("status.phase").ShouldBe("Pending");
        await scene.PhaseAsync("one", "Active");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_private_image_is_resolved_with_the_secret_that_the_pods_pull_with(bool withTokens)
    {
        await using var scene = await world.NewSceneAsync();
        var image = scene.Push();
        world.Registry.Protect(image.Repository, "robot", "s3cret", withTokens);
        await world.Cluster.Server.CreateAsync(scene.Namespace.Core("secrets"), PullSecret("robot", "s3cret"));
        var spec = StackSpecs.Container("imagePullPolicy", "Always");
        spec["template"]!["spec"]!["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = "pull" });
        await scene.StackAsync(spec: spec);
        await scene.ReleaseAsync("one", image.ByTag);

        (await scene.PhaseAsync("one", "Active")).Text("status.imageReference").ShouldEndWith($"@{image.Digest}");
    }

    private JsonObject PullSecret(string user, string password)
    {
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        var logins = new JsonObject { ["auths"] = new JsonObject { [world.Registry.Host] = new JsonObject { ["auth"] = login } } };
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "pull" },
            ["type"] = "kubernetes.io/dockerconfigjson",
            ["stringData"] = new JsonObject { [".dockerconfigjson"] = logins.ToJsonString() },
        };
    }

    private static string Reported(FakeImage image, string which) => which switch
    {
        "index" => image.ByDigest,
        "platform" => image.OnPlatform("linux/arm64"),
        "config" => image.ConfigDigests[^1],
        _ => throw new ArgumentOutOfRangeException(nameof(which), which, "unknown"),
    };
}
