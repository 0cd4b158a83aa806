using Shouldly;
using Slipway.Crds;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Operator.Builds;
using Xunit;

namespace Slipway.Operator.Tests.Builds;

public sealed class BuildCheckTests
{
    [Theory]
    [InlineData("https://git.example/shop.git")]
    [InlineData("http://10.0.0.1:3000/team/shop")]
    [InlineData("https://jane@git.example/shop.git")]
    [InlineData("https://[fd00::1]:8443/shop.git")]
    [InlineData("ssh://git@git.example:2222/~jane/shop.git")]
    [InlineData("git://git.example/shop.git")]
    [InlineData("git@git.example:team/shop.git")]
    public void Takes_the_usual_addresses_of_repositories(string url) => Problem(url).ShouldBeNull();

    [Theory]
    [InlineData("--upload-pack=touch /tmp/x")]
    [InlineData("ext::sh -c touch% /tmp/x")]
    [InlineData("file:///etc")]
    [InlineData("file://git.example/srv/shop.git")]
    [InlineData("/srv/shop.git")]
    [InlineData("shop.git")]
    [InlineData("HTTPS://git.example/x")]
    [InlineData("https://git.example")]
    [InlineData("https:///shop.git")]
    [InlineData("https://git.example/a b")]
    [InlineData("https://git.example/a\nb")]
    [InlineData("ssh://-oProxyCommand/x")]
    [InlineData("-x@git.example:shop")]
    [InlineData("git@-git.example:shop")]
    [InlineData("git@git.example:-shop")]
    [InlineData("a@b::c")]
    public void Refuses_what_is_an_option_a_program_or_a_place_in_the_pod(string url) => Problem(url).ShouldNotBeNull().ShouldContain("https://");

    [Theory]
    [InlineData("https://jane:secret@git.example/shop.git")]
    [InlineData("ext://jane:secret@git.example/shop.git")]
    public void Does_not_repeat_a_password(string url) => Problem(url).ShouldNotBeNull().ShouldNotContain("secret@");

    [Theory]
    [InlineData(null)]
    [InlineData("main")]
    [InlineData("feature/new-cart")]
    [InlineData("v1.2+build")]
    [InlineData("größe")]
    [InlineData(BuildSamples.Commit)]
    public void Takes_branches_tags_and_commits(string? revision) => Problem("https://git.example/x", revision).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("-f")]
    [InlineData("--upload-pack=x")]
    [InlineData("+main")]
    [InlineData("main:refs/heads/other")]
    [InlineData("^main")]
    [InlineData("a..b")]
    [InlineData("main~1")]
    [InlineData("@{u} ")]
    [InlineData("refs/*")]
    [InlineData("a\nb")]
    public void Refuses_revisions_that_git_would_read_otherwise(string revision) =>
        Problem("https://git.example/x", revision).ShouldNotBeNull().ShouldContain("spec.source.git.revision");

    [Theory]
    [InlineData("/etc", "absolute")]
    [InlineData("..", "..")]
    [InlineData("a/../../b", "..")]
    [InlineData("", "empty")]
    [InlineData("a\nb", "control")]
    public void Refuses_paths_that_lead_out_of_the_source(string path, string why)
    {
        Problem(new GitSource { Url = "https://git.example/x", Path = path }).ShouldNotBeNull().ShouldContain(why);
        Problem(new StackBuild { Context = path }).ShouldNotBeNull().ShouldContain(why);
        Problem(new StackBuild { Dockerfile = path }).ShouldNotBeNull().ShouldContain(why);
    }

    [Fact]
    public void Takes_paths_within_it()
    {
        Problem(new StackBuild { Context = ".", Dockerfile = "build/..Dockerfile" }).ShouldBeNull();
        Problem(new GitSource { Url = "https://git.example/x", Path = "apps/my shop", Secret = "git-login" }).ShouldBeNull();
    }

    [Fact]
    public void An_artifact_needs_its_digest()
    {
        Oci("registry.example/team/source").ShouldNotBeNull().ShouldContain("has no digest");
        Oci("registry.example/team/source:1").ShouldNotBeNull().ShouldContain("has no digest");
        Oci("no artifact").ShouldNotBeNull();
        Oci($"registry.example/team/source:1@{Samples.Digest}").ShouldBeNull();
    }

    [Fact]
    public void Checks_names_args_and_repository()
    {
        Problem(new StackBuild { RegistrySecret = "Login" }).ShouldNotBeNull().ShouldContain("registrySecret");
        Problem(new StackBuild { Repository = "registry.example/shop:1" }).ShouldNotBeNull().ShouldContain("without tag");
        Problem(new StackBuild { Repository = "https://registry.example/shop" }).ShouldNotBeNull();
        Problem(new StackBuild { Repository = "127.0.0.1:5000/shop" }).ShouldBeNull();
        Problem(new StackBuild { Args = Args("A-B", "x") }).ShouldNotBeNull().ShouldContain("\"A-B\"");
        Problem(new StackBuild { Args = Args("A", "x\0") }).ShouldNotBeNull();
        Problem(new StackBuild { Args = Args("A", new string('x', 40_000)) }).ShouldNotBeNull().ShouldContain("at most");
        Problem(new StackBuild { Args = Args("A_1", "any $(TEXT)\nwith 'quotes'") }).ShouldBeNull();
        BuildCheck.Of(new ReleaseSource { Archive = new ArchiveSource { ConfigMap = "a/b" } }).ShouldNotBeNull().Reason.ShouldBe(Reasons.InvalidSpec);
        BuildCheck.Of(new ReleaseSource { Image = "anything at all" }).ShouldBeNull("that is not built");
    }

    [Fact]
    public void Says_what_the_operator_lacks()
    {
        var named = new StackBuild { Repository = "registry.example/shop" };

        BuildCheck.Of(new BuildOptions { Registry = "registry.example" }, named).ShouldNotBeNull().Message.ShouldContain("--builder-image");
        BuildCheck.Of(BuildSamples.Options, null).ShouldNotBeNull().Message.ShouldContain("--registry");
        BuildCheck.Of(BuildSamples.Options, named).ShouldBeNull();
        BuildCheck.Of(BuildSamples.Options with { Registry = "registry.example" }, null).ShouldBeNull();
    }

    private static Dictionary<string, string> Args(string name, string value) => new() { [name] = value };

    private static string? Problem(string url, string? revision = null) => Problem(new GitSource { Url = url, Revision = revision });

    private static string? Problem(GitSource git) => BuildCheck.Of(new ReleaseSource { Git = git })?.Message;

    private static string? Oci(string reference) => BuildCheck.Of(new ReleaseSource { Oci = new OciSource { Reference = reference } })?.Message;

    private static string? Problem(StackBuild build) => BuildCheck.Of(Samples.Stack().Spec with { Build = build })?.Message;
}
