using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Operator.Builds;
using Slipway.Operator.Releases;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Builds;

public sealed class BuildJobTests
{
    [Theory]
    [InlineData("shop-1")]
    [InlineData("a")]
    [InlineData("shop.eu-1")]
    [InlineData("a-name-of-exactly-sixty-three-characters-which-is-the-most-0123")]
    [InlineData("a-name-that-would-be-cut-right-behind-a-hyphen-and-so-o-n-0123")]
    public void The_name_is_the_releases_own_and_a_valid_one(string deployment)
    {
        var name = BuildJob.NameOf(deployment, "one");

        name.Length.ShouldBeLessThanOrEqualTo(63);
        name.ShouldMatch("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?-[0-9a-f]{8}$");
        name.ShouldNotContain("--");
        BuildJob.NameOf(deployment, "one").ShouldBe(name);
        BuildJob.NameOf(deployment, "another").ShouldNotBe(name, "a Deployment that was deleted and made again is another release");
    }

    [Fact]
    public void Belongs_to_its_Deployment_and_goes_with_it()
    {
        var job = BuildJob.Manifest(BuildSamples.Request(), BuildSamples.Options);

        var owner = job.Metadata.OwnerReferences.ShouldHaveSingleItem();
        (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid, owner.Controller, owner.BlockOwnerDeletion)
            .ShouldBe(("slipway.dev/v1alpha1", "Deployment", "shop-1", "bbbbbbbb-0000-0000-0000-000000000001", true, null));
        (job.Spec!.BackoffLimit, job.Spec.ActiveDeadlineSeconds).ShouldBe((0, null));
    }

    [Fact]
    public void Neither_Service_nor_workload_of_the_stack_take_a_build_for_theirs()
    {
        var job = BuildJob.Manifest(BuildSamples.Request(), BuildSamples.Options);
        var labels = Template(job)["metadata"]!["labels"]!.AsObject().ToDictionary(label => label.Key, label => (string?)label.Value);

        foreach (var (key, value) in ReleaseLabels.Selector("shop"))
        {
            (labels.TryGetValue(key, out var found) && found == value).ShouldBeFalse(key);
        }

        ReleaseLabels.StackOf(job).ShouldBeNull();
        labels["app.kubernetes.io/managed-by"].ShouldBe("slipway");
        labels["slipway.dev/build-of"].ShouldBe("shop");
        labels["slipway.dev/release"].ShouldBe("shop-1");
        labels["slipway.dev/version"].ShouldBe("20261122.4");
    }

    [Fact]
    public void Runs_source_build_and_push_in_that_order_without_an_account()
    {
        var spec = Spec(BuildSamples.Request());

        spec.Items("initContainers").Select(container => container.Text("name")).ShouldBe(["source", "build"]);
        spec.Items("containers").Select(container => container.Text("name")).ShouldBe(["push"]);
        spec.Text("restartPolicy").ShouldBe("Never");
        spec.Number("terminationGracePeriodSeconds").ShouldBe(1);
        ((bool)spec["automountServiceAccountToken"]!).ShouldBeFalse();
        Containers(spec).ShouldAllBe(container => container.Text("image") == "registry.example/builder:1");
    }

    [Fact]
    public void No_word_of_the_user_is_in_a_script()
    {
        const string Evil = "$(SLIPWAY_IMAGE)`x`'\"";
        var request = BuildSamples.Request(
            new ReleaseSource { Git = new GitSource { Url = $"https://git.example/{Evil}", Revision = Evil, Path = Evil } },
            new StackBuild { Context = Evil, Dockerfile = Evil, Args = new Dictionary<string, string> { ["A"] = Evil } });

        var containers = Containers(Spec(request)).ToList();

        containers.ShouldAllBe(container => !container["command"]!.ToJsonString().Contains("x`", StringComparison.Ordinal));
        var source = containers[0];
        Variable(source, "SLIPWAY_GIT_REVISION").ShouldBe(Evil);
        source.Items("env").Single(one => one.Text("name") == "SLIPWAY_GIT_REVISION").Text("value")
            .ShouldBe("$$(SLIPWAY_IMAGE)`x`'\"", "a kubelet replaces $(NAME)");
        (Variable(containers[1], "SLIPWAY_ARGS"), Variable(containers[1], "SLIPWAY_ARG_0")).ShouldBe(("1", $"A={Evil}"));
    }

    [Fact]
    public void A_script_reaches_its_shell_as_it_is() =>
        Unexpanded((string)Containers(Spec(BuildSamples.Request())).First()["command"]![2]!).ShouldBe(BuildScripts.SourceGit);

    [Fact]
    public void Each_container_sees_only_the_secrets_that_it_needs()
    {
        var git = BuildSamples.Request(
            new ReleaseSource { Git = new GitSource { Url = "https://git.example/x", Secret = "git-login" } }, new StackBuild { RegistrySecret = "push-login" });
        var oci = git with { Source = new ReleaseSource { Oci = new OciSource { Reference = $"registry.example/s:1@{Samples.Digest}" } } };

        Mounts(git, "source").ShouldBe(["/workspace", "/slipway/git"]);
        Mounts(git, "build").ShouldBe(["/workspace", "/slipway/registry"]);
        Mounts(git, "push").ShouldBe(["/workspace", "/slipway/registry"]);
        Mounts(oci, "source").ShouldBe(["/workspace", "/slipway/registry"], "the artifact is in a registry");
        Mounts(BuildSamples.Request(), "push").ShouldBe(["/workspace"]);
        var login = Spec(git).Items("volumes").Single(volume => volume.Text("name") == "registry");
        (login.Text("secret.secretName"), login.Text("secret.items.0.path")).ShouldBe(("push-login", "auth.json"));
        Variable(Container(Spec(git), "push"), "REGISTRY_AUTH_FILE").ShouldBe("/slipway/registry/auth.json");
        Variable(Container(Spec(git), "source"), "REGISTRY_AUTH_FILE").ShouldBeNull();
    }

    [Fact]
    public void Every_kind_of_source_has_its_script()
    {
        var oci = Spec(BuildSamples.Request(new ReleaseSource { Oci = new OciSource { Reference = $"registry.example/s:1@{Samples.Digest}" } }));
        var archive = Spec(BuildSamples.Request(new ReleaseSource { Archive = new ArchiveSource { ConfigMap = "files" } }));

        Variable(Container(oci, "source"), "SLIPWAY_OCI_REFERENCE").ShouldBe($"registry.example/s@{Samples.Digest}", "skopeo refuses a tag beside a digest");
        Unexpanded((string)Container(oci, "source")["command"]![2]!).ShouldBe(BuildScripts.SourceOci);
        Unexpanded((string)Container(archive, "source")["command"]![2]!).ShouldBe(BuildScripts.SourceArchive);
        archive.Items("volumes").Single(volume => volume.Text("name") == "archive").Text("configMap.name").ShouldBe("files");
        Should.Throw<ArgumentException>(() => Spec(BuildSamples.Request(new ReleaseSource { Image = "a" })));
    }

    [Fact]
    public void Only_the_step_that_builds_is_privileged_and_only_unless_configured_otherwise()
    {
        var plain = Spec(BuildSamples.Request());
        var options = BuildSamples.Options with
        {
            SecurityContext = Members("""{"runAsUser":1000,"allowPrivilegeEscalation":true}"""),
            PodSecurityContext = Members("""{"fsGroup":1000}"""),
        };
        var rootless = Spec(BuildSamples.Request(), options);

        ((bool?)Container(plain, "build")["securityContext"]!["privileged"]).ShouldBe(true);
        foreach (var name in (string[])["source", "push"])
        {
            var security = Container(plain, name)["securityContext"]!;
            ((bool?)security["allowPrivilegeEscalation"]).ShouldBe(false);
            security["capabilities"]!.ToJsonString().ShouldBe("""{"drop":["ALL"]}""");
        }

        Container(rootless, "build")["securityContext"]!.ToJsonString().ShouldBe("""{"runAsUser":1000,"allowPrivilegeEscalation":true}""");
        rootless["securityContext"]!.ToJsonString().ShouldBe("""{"fsGroup":1000}""");
    }

    [Fact]
    public void The_configuration_places_the_pod_and_adds_to_it()
    {
        var options = BuildSamples.Options with
        {
            HostNetwork = true,
            ServiceAccountName = "builder",
            NodeSelector = new Dictionary<string, string> { ["pool"] = "build" },
            Tolerations = [Members("""{"key":"build","operator":"Exists"}""")],
            Resources = Members("""{"limits":{"memory":"2Gi"}}"""),
            Cache = Members("""{"persistentVolumeClaim":{"claimName":"layers"}}"""),
            Volumes = [Members("""{"name":"ca","configMap":{"name":"ca"}}""")],
            Mounts = [Members("""{"name":"ca","mountPath":"/etc/ssl/certs/own"}""")],
            Env = new Dictionary<string, string> { ["HTTPS_PROXY"] = "http://proxy:3128", ["SLIPWAY_IMAGE"] = "mine" },
        };
        var spec = Spec(BuildSamples.Request(), options);
        var build = Container(spec, "build");

        ((bool?)spec["hostNetwork"], spec.Text("serviceAccountName"), spec.Text("nodeSelector.pool"), spec.Text("tolerations.0.key"))
            .ShouldBe((true, "builder", "build", "build"));
        build.Text("resources.limits.memory").ShouldBe("2Gi");
        spec.Items("volumes").Single(volume => volume.Text("name") == "cache").Text("persistentVolumeClaim.claimName").ShouldBe("layers");
        Mounts(spec, "build").ShouldBe(["/workspace", "/cache", "/etc/ssl/certs/own"]);
        Mounts(spec, "push").ShouldBe(["/workspace", "/etc/ssl/certs/own"]);
        (Variable(build, "SLIPWAY_CACHE"), Variable(build, "HTTPS_PROXY")).ShouldBe(("/cache", "http://proxy:3128"));
        build.Items("env").Count(one => one.Text("name") == "SLIPWAY_IMAGE").ShouldBe(1, "server-side apply refuses a name that is there twice");
        Variable(build, "SLIPWAY_IMAGE").ShouldBe("registry.example/prod/shop:20261122.4");
    }

    [Fact]
    public void An_insecure_registry_is_told_to_every_step()
    {
        var spec = Spec(
            BuildSamples.Request() with { Insecure = true },
            BuildSamples.Options with { InsecureRegistries = new HashSet<string> { "base.example:5000" } });

        Containers(spec).ShouldAllBe(container => Variable(container, "SLIPWAY_INSECURE_REGISTRIES") == "base.example:5000,registry.example");
        Variable(Container(spec, "push"), "SLIPWAY_INSECURE").ShouldBe("true");
        Variable(Container(Spec(BuildSamples.Request()), "push"), "SLIPWAY_INSECURE").ShouldBe("false");
    }

    [Fact]
    public void The_image_goes_to_the_stacks_repository_or_the_operators_registry()
    {
        var version = BuildSamples.Request().Version;
        var options = BuildSamples.Options with { Registry = "127.0.0.1:5000/apps" };

        BuildRequest.DestinationOf("prod", "shop", new StackBuild { Repository = "registry.example/x" }, options, version).ShouldBe("registry.example/x:20261122.4");
        var fallback = BuildRequest.DestinationOf("prod", "shop", null, options, version).ShouldNotBeNull();
        fallback.ShouldBe("127.0.0.1:5000/apps/prod/shop:20261122.4");
        BuildRequest.IsInsecure(fallback, options).ShouldBeTrue();
        BuildRequest.IsInsecure("registry.example/x:1", options).ShouldBeFalse();
        BuildRequest.DestinationOf("prod", "shop", null, BuildSamples.Options, version).ShouldBeNull();
    }

    private static Dictionary<string, JsonElement> Members(string json) =>
        Samples.Json(json).EnumerateObject().ToDictionary(member => member.Name, member => member.Value);

    private static JsonNode Template(Slipway.Kubernetes.Resources.V1Job job) => JsonNode.Parse(job.Spec!.Template!.Value.GetRawText())!;

    private static JsonNode Spec(BuildRequest request, BuildOptions? options = null) =>
        Template(BuildJob.Manifest(request, options ?? BuildSamples.Options))["spec"]!;

    private static IEnumerable<JsonNode> Containers(JsonNode spec) => spec.Items("initContainers").Concat(spec.Items("containers"));

    private static JsonNode Container(JsonNode spec, string name) => Containers(spec).Single(container => container.Text("name") == name);

    private static IEnumerable<string?> Mounts(BuildRequest request, string container) => Mounts(Spec(request), container);

    private static IEnumerable<string?> Mounts(JsonNode spec, string container) =>
        Container(spec, container).Items("volumeMounts").Select(mount => mount.Text("mountPath"));

    private static string? Variable(JsonNode container, string name) =>
        container.Items("env").SingleOrDefault(one => one.Text("name") == name).Text("value") is { } value ? Unexpanded(value) : null;

    /// <summary>What a kubelet makes of a text in which it finds no $(NAME).</summary>
    private static string Unexpanded(string text) => text.Replace("$$", "$", StringComparison.Ordinal);
}
