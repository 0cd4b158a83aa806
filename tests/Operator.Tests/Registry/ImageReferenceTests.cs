using Shouldly;
using Slipway.Operator.Registry;
using Xunit;

namespace Slipway.Operator.Tests.Registry;

public sealed class ImageReferenceTests
{
    [Theory]
    [InlineData("nginx", "docker.io", "library/nginx", null)]
    [InlineData("team/app:1.2", "docker.io", "team/app", "1.2")]
    [InlineData("docker.io/nginx:1", "docker.io", "library/nginx", "1")]
    [InlineData("registry.example/team/app:v1", "registry.example", "team/app", "v1")]
    [InlineData("127.0.0.1:5000/web", "127.0.0.1:5000", "web", null)]
    [InlineData("localhost/web:x", "localhost", "web", "x")]
    [InlineData("registry.example:443/a/b/c_d-e.f:T_1.x", "registry.example:443", "a/b/c_d-e.f", "T_1.x")]
    public void Is_taken_apart_as_a_kubelet_takes_it_apart(string text, string registry, string repository, string? tag)
    {
        var image = ImageReference.Parse(text).ShouldNotBeNull();

        (image.Registry, image.Repository, image.Tag).ShouldBe((registry, repository, tag));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Nginx")]
    [InlineData("nginx:")]
    [InlineData("nginx:bad tag")]
    [InlineData("a//b")]
    [InlineData("-a")]
    [InlineData("a@sha256:123")]
    [InlineData("https://registry.example/app")]
    [InlineData("app:1\n")]
    public void Is_refused_when_it_is_no_image_name(string text) => ImageReference.Parse(text).ShouldBeNull();

    [Fact]
    public void Is_pinned_with_its_name_and_tag_as_written() =>
        ImageReference.Parse("team/app:1.2")!.Pin(Samples.Digest).ShouldBe($"team/app:1.2@{Samples.Digest}");

    [Theory]
    [InlineData("docker.io/library/web@" + Samples.Digest)]
    [InlineData("docker-pullable://web@" + Samples.Digest)]
    [InlineData(Samples.Digest)]
    public void Finds_the_digest_in_whatever_form_a_runtime_reports_it(string imageId) =>
        ImageReference.DigestOf(imageId).ShouldBe(Samples.Digest);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("web:1")]
    public void Finds_no_digest_where_there_is_none(string? imageId) => ImageReference.DigestOf(imageId).ShouldBeNull();
}
