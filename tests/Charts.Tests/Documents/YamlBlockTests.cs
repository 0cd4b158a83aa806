using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Slipway.Operator;
using Slipway.Operator.Builds;
using Slipway.Operator.Commands;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Charts.Tests.Documents;

/// <summary>
/// Every block of YAML in a page, and every sample, is given to who is to read it: objects to a real API server, kustomizations to kustomize,
/// values to Helm, options to the operator. What is none of these fails; a comment before the block says what a part is a part of.
/// </summary>
public sealed partial class YamlBlockTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    private const string Chart = "charts/slipway";

    private static readonly string[] SampleFolders = ["config/samples", "gitops"];

    public static TheoryData<string> PagesWithYaml => new(Block.Pages.Where(page => Block.OfPage(page, "yaml").Count > 0));

    public static TheoryData<string> Samples => new(SampleFolders
        .SelectMany(folder => Directory.GetFiles(Repository.PathOf(folder), "*.yaml", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Repository.PathOf(""), path)));

    [Theory]
    [MemberData(nameof(PagesWithYaml))]
    public async Task Every_block_is_accepted_by_who_is_to_read_it(string page)
    {
        await using var scope = await cluster.NewNamespaceAsync();
        foreach (var block in Block.OfPage(page, "yaml"))
        {
            await AcceptAsync(scope, block);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_sample_is_accepted_by_who_is_to_read_it(string file)
    {
        await using var scope = await cluster.NewNamespaceAsync();
        if (Path.GetFileName(file) == "kustomization.yaml")
        {
            await AcceptAsync(scope, file, (await Helm.KustomizeAsync(Path.GetDirectoryName(file)!)).Objects.Values);
        }
        else
        {
            await AcceptAsync(scope, file, Yaml.ReadAll(await File.ReadAllTextAsync(Repository.PathOf(file))));
        }
    }

    [Theory]
    [InlineData("should satisfy the condition", "spec:\n  replicas: 2\n")]
    [InlineData("no matches for kind", "apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: a\n")]
    [InlineData("spec.template: Required", "apiVersion: slipway.dev/v1alpha1\nkind: Stack\nmetadata:\n  name: a\nspec: {}\n")]
    [InlineData("boss", "apiVersion: slipway.dev/v1alpha1\nkind: Team\nmetadata:\n  name: a\nspec:\n  owner: a\n  boss: b\n")]
    [InlineData("date", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndate: {}\n")]
    [InlineData("prune!: missing", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: a\nspec:\n  interval: 1m\n")]
    [InlineData("no duration", "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata:\n  name: a\nspec:\n  image: a\n  interval: soon\n")]
    [InlineData("absent.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - absent.yaml\n")]
    [InlineData("replica", "replica: 3\n", "values of: charts/slipway")]
    [InlineData("images", "images: a\n", "file of: --build-config")]
    [InlineData("sources", "spec:\n  stack: web\n  sources: {}\n", "fragment of: config/samples/deployment.yaml")]
    [InlineData("there is no spec.pod", "containers: []\n", "fragment of: config/samples/deployment.yaml at spec.pod")]
    [InlineData("nothing that is called", "spec: {}\n", "part of: something")]
    public async Task What_somebody_would_refuse_is_found(string because, string text, string mark = "")
    {
        await using var scope = await cluster.NewNamespaceAsync();

        var refusal = await Record.ExceptionAsync(() => AcceptAsync(scope, new Block("README.md", 1, mark, text)));

        refusal.ShouldNotBeNull().Message.ShouldContain(because);
    }

    private async Task AcceptAsync(TestNamespace scope, Block block)
    {
        if (block.Is("fragment of"))
        {
            await AcceptAsync(scope, block.ToString(), [block.Whole()]);
        }
        else if (block.Mark == $"values of: {Chart}")
        {
            await WithFileAsync(block.Text, file => Helm.TemplateAsync(Helm.CurrentServer, "--values", file));
        }
        else if (block.Mark == "file of: --build-config")
        {
            await WithFileAsync(block.Text, ReadBuildConfigAsync);
        }
        else if (block.Text.Contains("apiVersion: kustomize.config.k8s.io/", StringComparison.Ordinal))
        {
            await BuildAsync(block);
        }
        else
        {
            block.Mark.ShouldBeEmpty($"{block}: there is nothing that is called \"{block.Mark}\"");
            await AcceptAsync(scope, block.ToString(), Yaml.ReadAll(block.Text));
        }
    }

    /// <summary>Applies them to the server, in a namespace that is there; nothing is kept.</summary>
    private async Task AcceptAsync(TestNamespace scope, string from, IEnumerable<JsonNode?> documents)
    {
        var objects = documents.OfType<JsonObject>().ToList();
        objects.ShouldNotBeEmpty(from);
        objects.ShouldAllBe(one => one["apiVersion"] != null && one["kind"] != null, from);
        objects.Where(ForeignKinds.Knows).SelectMany(ForeignKinds.Errors).ShouldBeEmpty(from);
        var ours = objects.Where(one => !ForeignKinds.Knows(one)).Select(one => one.DeepClone().AsObject()).ToList();
        if (ours.Count == 0)
        {
            return;
        }

        foreach (var one in ours)
        {
            // Only the names of what is there on people's own clusters are not there.
            one["metadata"]!.AsObject().Remove("namespace");
        }

        // Server-side, since that refuses the fields that it does not know; on the client older servers have no say in it.
        var list = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray([.. ours]) };
        string[] apply = ["apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=false", "--namespace", scope.Name, "--filename", "-"];
        var result = await Command.RunAsync("kubectl", ["--kubeconfig", cluster.KubeConfigPath, .. apply], list.ToJsonString());
        result.ExitCode.ShouldBe(0, $"{from}: {result.Output}");
    }

    /// <summary>Lays the files out as the comments in the block name them, beside this repository, and builds the last one.</summary>
    private static async Task BuildAsync(Block block)
    {
        var root = Directory.CreateTempSubdirectory("slipway-kustomize-").FullName;
        try
        {
            Directory.CreateSymbolicLink($"{root}/slipway", Repository.PathOf(""));
            var last = "kustomization.yaml";
            foreach (var document in Separator().Split(block.Text))
            {
                var names = FileName().Matches(document.Split('\n')[0]).Select(match => match.Value).DefaultIfEmpty(last).ToList();
                foreach (var name in names)
                {
                    var file = $"{root}/own/{name}";
                    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                    // "Likewise" is said of another namespace.
                    var (first, own) = ($"namespace: {Path.GetDirectoryName(names[0])}", $"namespace: {Path.GetDirectoryName(name)}");
                    await File.WriteAllTextAsync(file, document.Replace($"{first}\n", $"{own}\n", StringComparison.Ordinal));
                }
            }

            (await Helm.KustomizeAsync($"{root}/own")).Objects.ShouldNotBeEmpty(block.ToString());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static Task ReadBuildConfigAsync(string file)
    {
        var values = new OptionValues(OperatorCommand.Options, flag => flag == "--build-config" ? file : null, _ => null);
        BuildOptions.Read(values, new HashSet<string>()).Image.ShouldNotBeNull();
        return Task.CompletedTask;
    }

    private static async Task WithFileAsync(string text, Func<string, Task> use)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, text);
            await use(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex("^---\n", RegexOptions.Multiline)]
    private static partial Regex Separator();

    [GeneratedRegex(@"[A-Za-z0-9./-]*kustomization\.yaml")]
    private static partial Regex FileName();
}
