using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Slipway.House.Tests;

/// <summary>Which assembly may use which. A change that does not fit belongs into another assembly, not into this table.</summary>
public sealed class AssemblyTests
{
    private static readonly Dictionary<string, (string Projects, string Packages)> Allowed = new()
    {
        ["Crds"] = ("", ""),
        ["Retry"] = ("", "Polly.Core"),
        ["Kubernetes"] = ("Crds Retry", "Polly.Core YamlDotNet"),
        ["Runtime"] = ("Kubernetes Crds Retry", ""),
        ["Ledger"] = ("Retry", "Npgsql"),
        ["DemoData"] = ("", "Npgsql"),
        ["Operator"] = ("Crds Retry Kubernetes Runtime Ledger DemoData", "Serilog Serilog.Extensions.Logging Serilog.Sinks.Console System.CommandLine"),
        ["Cli"] = ("Crds Kubernetes", "System.CommandLine Spectre.Console"),
        ["Manifests"] = ("Crds Operator", "YamlDotNet"),
    };

    public static TheoryData<string> Projects() =>
        new(Directory.GetFiles(Checkout.PathOf("src"), "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path)!));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_what_its_sentence_needs(string project)
    {
        Allowed.ShouldContainKey(project);
        var (projects, packages) = Allowed[project];
        var file = XDocument.Load(Checkout.PathOf($"src/{project}/{project}.csproj"));

        References(file, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
            .ShouldBeSubsetOf(projects.Split(' '));
        References(file, "PackageReference").ShouldBeSubsetOf(packages.Split(' '));
    }

    /// <summary>The client and the runtime serve any kind; they know of ours only what every Kubernetes object has.</summary>
    [Theory]
    [InlineData("Slipway.Kubernetes")]
    [InlineData("Slipway.Runtime")]
    public void The_client_and_the_runtime_do_not_know_our_kinds(string assembly)
    {
        var used = UsedFrom(assembly, "Slipway.Crds").ToList();

        used.ShouldNotBeEmpty();
        used.ShouldAllBe(type => type.StartsWith("Slipway.Crds.Meta.", StringComparison.Ordinal));
    }

    [Fact]
    public void The_types_and_the_retry_policy_use_nothing_of_ours()
    {
        foreach (var assembly in (string[])["Slipway.Crds", "Slipway.Retry"])
        {
            ReferencedBy(assembly).Where(name => name.StartsWith("Slipway", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty(assembly);
        }
    }

    private static IEnumerable<string> References(XDocument file, string element) =>
        file.Descendants(element).Select(reference => (string?)reference.Attribute("Include")).OfType<string>();

    private static List<string> UsedFrom(string assembly, string from) => Read(assembly, metadata =>
        [.. metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Where(type => type.ResolutionScope.Kind == HandleKind.AssemblyReference
                && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == from)
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")]);

    private static List<string> ReferencedBy(string assembly) => Read(assembly, metadata =>
        [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))]);

    private static List<string> Read(string assembly, Func<MetadataReader, List<string>> read)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll")));
        return read(file.GetMetadataReader());
    }
}
