using Shouldly;
using Slipway.Operator.Builds;
using Slipway.Operator.Commands;
using Xunit;

namespace Slipway.Operator.Tests.Builds;

public sealed class BuildOptionsTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("slipway-options-").FullName, "builds.yaml");

    [Fact]
    public void Without_a_file_the_commands_are_the_embedded_ones()
    {
        var options = BuildOptions.Read(Values([]), new HashSet<string>());

        (options.Image, options.Registry, options.ImagePullPolicy, options.Cache, options.HostNetwork).ShouldBe((null, null, "IfNotPresent", null, false));
        (options.Commands.SourceGit, options.Commands.Push).ShouldBe((BuildScripts.SourceGit, BuildScripts.Push));
        options.Commands.Build.ShouldStartWith("# Before each of the other scripts.");
    }

    [Fact]
    public void Reads_everything_that_a_file_can_say()
    {
        var options = Read("""
            image: registry.example/builder:1
            imagePullPolicy: Always
            imagePullSecrets: [pull]
            commands:
              build: |
                make image
            env: {STORAGE_DRIVER: overlay}
            resources: {limits: {memory: 2Gi, cpu: 2}}
            securityContext: {runAsUser: 1000, privileged: false}
            podSecurityContext: {fsGroup: 1000}
            hostNetwork: true
            nodeSelector: {pool: build}
            tolerations: [{key: build, operator: Exists}]
            serviceAccountName: builder
            cache: {hostPath: {path: /var/cache/slipway}}
            volumes: [{name: ca, configMap: {name: ca}}]
            mounts: [{name: ca, mountPath: /etc/ssl/own}]
            """);

        (options.Image, options.ImagePullPolicy, options.ServiceAccountName, options.HostNetwork).ShouldBe(("registry.example/builder:1", "Always", "builder", true));
        (options.Commands.Build, options.Commands.Push).ShouldBe(("make image\n", BuildScripts.Push));
        options.Env["STORAGE_DRIVER"].ShouldBe("overlay");
        options.Resources!["limits"].GetRawText().ShouldBe("""{"memory":"2Gi","cpu":2}""");
        options.SecurityContext!["runAsUser"].GetInt32().ShouldBe(1000);
        options.SecurityContext["privileged"].GetBoolean().ShouldBeFalse();
        options.PodSecurityContext.ShouldNotBeNull().Keys.ShouldContain("fsGroup");
        options.Tolerations.ShouldHaveSingleItem()["operator"].GetString().ShouldBe("Exists");
        options.Cache.ShouldNotBeNull().Keys.ShouldContain("hostPath");
        (options.Volumes.Count, options.Mounts.Count, options.ImagePullSecrets.Count, options.NodeSelector!.Count).ShouldBe((1, 1, 1, 1));
    }

    [Fact]
    public void A_flag_wins_over_the_file()
    {
        File.WriteAllText(_file, "image: registry.example/from-the-file:1\n");

        var options = BuildOptions.Read(
            Values(new() { ["--build-config"] = _file, ["--builder-image"] = "registry.example/from-the-flag:1", ["--registry"] = "127.0.0.1:5000" }),
            new HashSet<string>());

        (options.Image, options.Registry).ShouldBe(("registry.example/from-the-flag:1", "127.0.0.1:5000"));
    }

    [Theory]
    [InlineData("securtyContext: {}", "securtyContext")]
    [InlineData("commands: {compile: make}", "compile")]
    [InlineData("resources: 5", "resources")]
    [InlineData("hostNetwork: maybe", "hostNetwork")]
    [InlineData("env: {A: 1}", "env.A")]
    [InlineData("image: No Image", "No Image")]
    [InlineData("imagePullPolicy: Sometimes", "IfNotPresent")]
    [InlineData("volumes: [{name: workspace}]", "workspace")]
    [InlineData("a: [", "line 2")]
    [InlineData("- a", "one mapping")]
    public void Names_the_file_and_what_is_wrong_in_it(string text, string named)
    {
        var error = Should.Throw<InvalidOptionException>(() => Read(text));

        error.Message.ShouldContain(named);
        error.Message.ShouldContain(text.StartsWith("image:", StringComparison.Ordinal) ? "--builder-image" : "--build-config");
    }

    [Fact]
    public void Names_a_file_that_is_not_there() =>
        Should.Throw<InvalidOptionException>(() => BuildOptions.Read(Values(new() { ["--build-config"] = "/nowhere.yaml" }), new HashSet<string>()))
            .Message.ShouldContain("--build-config: /nowhere.yaml");

    [Theory]
    [InlineData("https://registry.example")]
    [InlineData("registry.example/")]
    [InlineData("Registry Example")]
    public void Names_a_registry_that_is_none(string registry) =>
        Should.Throw<InvalidOptionException>(() => BuildOptions.Read(Values(new() { ["--registry"] = registry }), new HashSet<string>()))
            .Message.ShouldContain($"--registry \"{registry}\"");

    [Fact]
    public void The_operator_reads_them_with_its_own()
    {
        var values = Values(new() { ["--database"] = "postgres://u:p@db.example/x", ["--registry"] = "registry.example", ["--insecure-registries"] = "registry.example" });

        var builds = OperatorOptions.Read(values).Builds;

        builds.Registry.ShouldBe("registry.example");
        builds.InsecureRegistries.ShouldBe(["registry.example"]);
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    private BuildOptions Read(string text)
    {
        File.WriteAllText(_file, text);
        return BuildOptions.Read(Values(new() { ["--build-config"] = _file }), new HashSet<string>());
    }

    private static OptionValues Values(Dictionary<string, string> flags) => new(OperatorCommand.Options, flags.GetValueOrDefault, _ => null);
}
