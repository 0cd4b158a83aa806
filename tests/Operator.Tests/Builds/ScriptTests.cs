using Shouldly;
using Slipway.Operator.Builds;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Builds;

/// <summary>The other scripts: with stand-ins for skopeo and buildah, which not every machine has.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    [Fact]
    public async Task Every_script_is_plain_shell()
    {
        foreach (var script in (string[])[BuildScripts.SourceGit, BuildScripts.SourceOci, BuildScripts.SourceArchive, BuildScripts.Build, BuildScripts.Push])
        {
            var result = await Command.RunAsync("/bin/sh", ["-n"], script);

            (result.ExitCode, result.Output).ShouldBe((0, ""));
        }
    }

    [Fact]
    public async Task Builds_the_context_with_its_arguments()
    {
        Buildah();
        _folder.Write("workspace/source/apps/shop/site/Containerfile", "FROM scratch");

        var result = await _folder.RunAsync(
            BuildScripts.Build, ("SLIPWAY_PATH", "apps/shop"), ("SLIPWAY_CONTEXT", "site"), ("SLIPWAY_DOCKERFILE", "Containerfile"),
            ("SLIPWAY_ARGS", "2"), ("SLIPWAY_ARG_0", "A=two words; $(touch pwned)"), ("SLIPWAY_ARG_1", "B=\"'\nend"));

        result.ExitCode.ShouldBe(0, result.Output);
        var context = _folder.PathOf("workspace/source/apps/shop/site");
        _folder.Read("buildah-bud").ShouldNotBeNull().ShouldEndWith(
            $"|--file|{context}/Containerfile|--build-arg|A=two words; $(touch pwned)|--build-arg|B=\"'\nend|--|{context}|");
        _folder.Read("buildah-push").ShouldNotBeNull().ShouldEndWith($"|0a1b|oci:{_folder.PathOf("workspace/image")}:built|");
        Directory.GetFiles(_folder.PathOf(""), "pwned", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Keeps_layers_only_where_there_is_a_cache()
    {
        Buildah();
        _folder.Write("workspace/source/Dockerfile", "FROM scratch");

        await _folder.RunAsync(BuildScripts.Build);
        var without = _folder.Read("buildah-bud")!;
        await _folder.RunAsync(BuildScripts.Build, ("SLIPWAY_CACHE", _folder.PathOf("cache")), ("STORAGE_DRIVER", "overlay"));
        var with = _folder.Read("buildah-bud")!;

        without.ShouldContain($"--storage-driver|vfs|--root|{_folder.PathOf("workspace/storage")}|");
        without.ShouldNotContain("--layers");
        with.ShouldContain($"--storage-driver|overlay|--root|{_folder.PathOf("cache/storage")}|");
        with.ShouldContain("|--layers|");
    }

    [Fact]
    public async Task Says_what_the_context_lacks_and_when_the_build_fails()
    {
        Buildah(exitCode: 3);
        _folder.Write("workspace/source/site/page", "");
        File.CreateSymbolicLink(_folder.PathOf("workspace/source/site/link"), "/etc/passwd");

        (await _folder.RunAsync(BuildScripts.Build, ("SLIPWAY_CONTEXT", "none"))).ExitCode.ShouldBe(1);
        _folder.Termination.ShouldBe("the source has no folder ./none (spec.build.context)");
        await _folder.RunAsync(BuildScripts.Build, ("SLIPWAY_CONTEXT", "site"));
        _folder.Termination.ShouldBe("the context has no file Dockerfile (spec.build.dockerfile)");
        await _folder.RunAsync(BuildScripts.Build, ("SLIPWAY_CONTEXT", "site"), ("SLIPWAY_DOCKERFILE", "link"));
        _folder.Termination.ShouldBe("link (spec.build.dockerfile) leads out of the source");
        var failed = await _folder.RunAsync(BuildScripts.Build, ("SLIPWAY_CONTEXT", "site"), ("SLIPWAY_DOCKERFILE", "page"));
        _folder.Termination.ShouldBe("the build ended with exit code 3; its last lines are in the log");
        failed.Output.ShouldContain("main.c:1: error");
    }

    [Fact]
    public async Task Pushes_and_tells_the_digest()
    {
        Skopeo($"""printf %s {Samples.Digest} >"$digestfile" """);

        var result = await _folder.RunAsync(BuildScripts.Push, ("SLIPWAY_INSECURE", "true"), ("SLIPWAY_INSECURE_REGISTRIES", "registry.example,10.0.0.1:5000"));

        (result.ExitCode, _folder.Termination).ShouldBe((0, Samples.Digest), result.Output);
        _folder.Read("skopeo").ShouldNotBeNull().ShouldEndWith($"|oci:{_folder.PathOf("workspace/image")}:built|docker://registry.example/shop:1|");
        _folder.Read("skopeo").ShouldNotBeNull().ShouldContain("--dest-tls-verify=false");
        _folder.Read("workspace/home/.config/containers/registries.conf.d/slipway.conf").ShouldNotBeNull()
            .ShouldContain("location = \"10.0.0.1:5000\"\ninsecure = true");
    }

    [Fact]
    public async Task Says_why_a_push_failed()
    {
        Skopeo("echo 'level=fatal msg=\"denied: requested access\"' >&2; exit 1");

        var result = await _folder.RunAsync(BuildScripts.Push);

        result.ExitCode.ShouldBe(1);
        _folder.Termination.ShouldBe("cannot push registry.example/shop:1: level=fatal msg=\"denied: requested access\"");
        _folder.Read("skopeo").ShouldNotBeNull().ShouldNotContain("tls-verify");
    }

    [Fact]
    public async Task Unpacks_the_layers_of_an_artifact_in_their_order()
    {
        await LayerAsync("aa", ("page", "old"), ("only-first", "1"));
        await LayerAsync("bb", ("page", "new"));
        _folder.Write("artifact/cc", "{}");
        _folder.Write("artifact/manifest.json", """
            {"schemaVersion":2,"annotations":{"layers":"[{\"digest\":\"sha256:no\"}]"},
             "config":{"mediaType":"application/x","digest":"sha256:cc","size":2},
             "layers":[{"mediaType":"t","annotations":{"digest":"sha256:no","x":"]}\""},"digest" : "sha256:aa","size":1},
                       {"size":1,"digest":"sha256:bb"}]}
            """);
        Skopeo("cp -r \"$SLIPWAY_PRIVATE/artifact\" \"${destination#dir:}\"");

        var result = await _folder.RunAsync(BuildScripts.SourceOci, ("SLIPWAY_OCI_REFERENCE", "registry.example/source@sha256:dd"));

        result.ExitCode.ShouldBe(0, result.Output);
        (_folder.Fetched("page"), _folder.Fetched("only-first"), _folder.Termination).ShouldBe(("new", "1", ""));
        _folder.Read("skopeo").ShouldNotBeNull().ShouldContain("|docker://registry.example/source@sha256:dd|");
    }

    [Fact]
    public async Task Says_when_an_artifact_is_not_there_or_has_no_source()
    {
        Skopeo("echo 'manifest unknown' >&2; exit 1");
        await _folder.RunAsync(BuildScripts.SourceOci, ("SLIPWAY_OCI_REFERENCE", "registry.example/source@sha256:dd"));
        _folder.Termination.ShouldBe("cannot fetch registry.example/source@sha256:dd: manifest unknown");

        _folder.Write("artifact/manifest.json", """{"config":{"digest":"sha256:cc"},"layers":[{"digest":"sha256:aa"}]}""");
        _folder.Write("artifact/aa", "no archive");
        Skopeo("cp -r \"$SLIPWAY_PRIVATE/artifact\" \"${destination#dir:}\"");
        await _folder.RunAsync(BuildScripts.SourceOci, ("SLIPWAY_OCI_REFERENCE", "registry.example/source@sha256:dd"));
        _folder.Termination.ShouldBe("layer sha256:aa of registry.example/source@sha256:dd is no tar archive");
    }

    [Theory]
    [InlineData("source.tgz")]
    [InlineData("source.tar")]
    public async Task Unpacks_an_archive(string name)
    {
        _folder.Write("files/Dockerfile", "FROM scratch");
        Directory.CreateDirectory(_folder.PathOf("archive"));
        await Command.RunAsync("tar", ["-caf", _folder.PathOf($"archive/{name}"), "-C", _folder.PathOf("files"), "."]);

        var result = await ArchiveAsync();

        (result.ExitCode, _folder.Fetched("Dockerfile"), _folder.Termination).ShouldBe((0, "FROM scratch", ""), result.Output);
    }

    [Fact]
    public async Task Copies_plain_files_as_a_ConfigMap_shows_them()
    {
        _folder.Write("archive/..data/Dockerfile", "FROM scratch");
        _folder.Write("archive/..data/.dockerignore", "x");
        File.CreateSymbolicLink(_folder.PathOf("archive/Dockerfile"), "..data/Dockerfile");
        File.CreateSymbolicLink(_folder.PathOf("archive/.dockerignore"), "..data/.dockerignore");

        var result = await ArchiveAsync();

        (result.ExitCode, _folder.Fetched("Dockerfile"), _folder.Fetched(".dockerignore")).ShouldBe((0, "FROM scratch", "x"), result.Output);
        new FileInfo(_folder.PathOf("workspace/source/Dockerfile")).LinkTarget.ShouldBeNull();
        Directory.Exists(_folder.PathOf("workspace/source/..data")).ShouldBeFalse();
    }

    [Fact]
    public async Task Says_what_is_wrong_with_a_ConfigMap()
    {
        Directory.CreateDirectory(_folder.PathOf("archive"));
        await ArchiveAsync();
        _folder.Termination.ShouldStartWith("the ConfigMap is empty");

        _folder.Write("archive/source.tgz", "nothing of the kind");
        await ArchiveAsync();
        _folder.Termination.ShouldBe("source.tgz cannot be unpacked");

        _folder.Write("archive/more", "");
        await ArchiveAsync();
        _folder.Termination.ShouldStartWith("the ConfigMap has an archive (source.tgz) and 1 other keys");
    }

    public void Dispose() => _folder.Dispose();

    private Task<CommandResult> ArchiveAsync() => _folder.RunAsync(BuildScripts.SourceArchive, ("SLIPWAY_ARCHIVE", _folder.PathOf("archive")));

    private async Task LayerAsync(string digest, params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
        {
            _folder.Write($"layer-{digest}/{name}", text);
        }

        Directory.CreateDirectory(_folder.PathOf("artifact"));
        await Command.RunAsync("tar", ["-czf", _folder.PathOf($"artifact/{digest}"), "-C", _folder.PathOf($"layer-{digest}"), "."]);
    }

    /// <summary>Notes how it was called, and does as a build does.</summary>
    private void Buildah(int exitCode = 0) => _folder.Program("buildah", $$"""
        for word; do case $word in bud|push) verb=$word;; esac; done
        printf '%s|' "$@" >"$SLIPWAY_PRIVATE/buildah-$verb"
        [ $verb = bud ] || exit 0
        [ {{exitCode}} = 0 ] || { echo 'main.c:1: error'; exit {{exitCode}}; }
        while [ "$1" != --iidfile ]; do shift; done
        printf 'sha256:0a1b' >"$2"
        """);

    private void Skopeo(string does) => _folder.Program("skopeo", $$"""
        printf '%s|' "$@" >"$SLIPWAY_PRIVATE/skopeo"
        while [ $# -gt 1 ]; do [ "$1" != --digestfile ] || digestfile=$2; shift; done
        destination=$1
        {{does}}
        """);
}
