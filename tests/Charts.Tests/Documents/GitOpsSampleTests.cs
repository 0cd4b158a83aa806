using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Charts.Tests.Documents;

/// <summary>What one file of gitops says of another one. That each is accepted is shown by YamlBlockTests.</summary>
public sealed partial class GitOpsSampleTests
{
    private static readonly string Flux = Repository.PathOf("gitops/flux");

    private static readonly IReadOnlyList<JsonNode> Objects =
    [
        .. Directory.GetFiles(Repository.PathOf("gitops"), "*.yaml", SearchOption.AllDirectories)
            .SelectMany(file => Yaml.ReadAll(File.ReadAllText(file))).OfType<JsonNode>(),
    ];

    [Fact]
    public void Every_folder_that_Flux_applies_is_there_and_everything_before_it_too()
    {
        var applied = Of("kustomize.toolkit.fluxcd.io/v1", "Kustomization");

        applied.Select(one => one.Text("spec.path")!).ShouldAllBe(path => File.Exists(Path.Combine(Flux, path, "kustomization.yaml")));
        applied.SelectMany(one => one.Items("spec.dependsOn")).Select(one => one.Text("name")).ShouldBeSubsetOf(applied.Select(one => one.Text("metadata.name")));
        applied.ShouldAllBe(one => (bool?)one.At("spec.wait") == true && one.Text("spec.timeout") != null);
    }

    [Fact]
    public void Every_file_is_listed_in_the_kustomization_of_its_folder()
    {
        foreach (var folder in Directory.GetFiles(Flux, "kustomization.yaml", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!))
        {
            var listed = Yaml.Read(File.ReadAllText($"{folder}/kustomization.yaml")).Items("resources").Select(file => (string)file!);

            Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Where(name => name != "kustomization.yaml").ShouldBe(listed, ignoreOrder: true, folder);
        }
    }

    /// <summary>The mark is a comment, which nobody checks: not Flux either, which does nothing about one that it cannot make out.</summary>
    [Fact]
    public void Every_mark_of_image_automation_stands_at_an_image_of_its_policy_and_below_the_folder_that_is_updated()
    {
        var folder = Path.Combine(Flux, Of("image.toolkit.fluxcd.io/v1", "ImageUpdateAutomation").ShouldHaveSingleItem().Text("spec.update.path")!);
        var marks = Directory.GetFiles(folder, "*.yaml").SelectMany(file => Mark().Matches(File.ReadAllText(file))).ToList();

        marks.ShouldHaveSingleItem();
        foreach (var mark in marks)
        {
            var name = mark.Groups["policy"].Value;
            var policy = Of("image.toolkit.fluxcd.io/v1", "ImagePolicy").Single(one => one.Text("metadata.name") == name);
            var repository = Of("image.toolkit.fluxcd.io/v1", "ImageRepository")
                .Single(one => one.Text("metadata.name") == policy.Text("spec.imageRepositoryRef.name"));

            mark.Groups["image"].Value.ShouldStartWith($"{repository.Text("spec.image")}:");
            mark.Groups["namespace"].Value.ShouldBe(Yaml.Read(File.ReadAllText($"{Flux}/images/kustomization.yaml")).Text("namespace"));
        }
    }

    [Fact]
    public async Task The_values_for_the_chart_are_values_of_the_chart()
    {
        var values = Objects.Select(one => one.At("spec.values") ?? one.At("spec.source.helm.valuesObject")).OfType<JsonNode>().ToList();

        values.Count.ShouldBe(2);
        foreach (var one in values)
        {
            var file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, one.ToJsonString());
            (await Helm.ObjectsAsync(Helm.CurrentServer, "--values", file)).Single("Deployment", "slipway-operator")
                .Text("spec.template.spec.containers.0.image")!.ShouldStartWith(one.Text("image.repository")!);
            File.Delete(file);
        }
    }

    /// <summary>Of the tag that they name; the version is told once, in the chart.</summary>
    [Fact]
    public void They_install_the_version_of_the_chart()
    {
        var version = $"v{Yaml.Read(File.ReadAllText($"{Helm.Chart}/Chart.yaml")).Text("version")}";

        Of("source.toolkit.fluxcd.io/v1", "GitRepository").ShouldHaveSingleItem().Text("spec.ref.tag").ShouldBe(version);
        Of("argoproj.io/v1alpha1", "Application").Single(one => one.Text("spec.source.path") == "charts/slipway").Text("spec.source.targetRevision").ShouldBe(version);
    }

    private static IReadOnlyList<JsonNode> Of(string version, string kind) =>
        [.. Objects.Where(one => one.Text("apiVersion") == version && one.Text("kind") == kind)];

    [GeneratedRegex("""^ *image: (?<image>\S+) # \{"\$imagepolicy": "(?<namespace>[a-z-]+):(?<policy>[a-z-]+)"\}$""", RegexOptions.Multiline)]
    private static partial Regex Mark();
}
