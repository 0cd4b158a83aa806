using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Charts.Tests;

/// <summary>Chart and kustomize install the same objects.</summary>
public sealed class KustomizeTests
{
    private const string Overlays = "tests/Charts.Tests/Kustomize";

    /// <summary>Helm is told to make it (<c>--create-namespace</c>), and no chart brings the namespace that it is installed to.</summary>
    private const string Home = $"Namespace /{Helm.Namespace}";

    [Fact]
    public async Task With_default_values_they_are_equal() =>
        await ShouldBeEqual(await Helm.ObjectsAsync(Helm.CurrentServer), "config");

    [Fact]
    public async Task Restricted_to_namespaces_they_are_equal() =>
        await ShouldBeEqual(await new Case("restricted").ObjectsAsync(), $"{Overlays}/restricted");

    [Fact]
    public async Task For_the_oldest_server_they_are_equal_but_for_the_rules_that_it_does_not_know()
    {
        var chart = await Helm.ObjectsAsync("1.20.2");
        var definitions = chart.OfKind("CustomResourceDefinition").ToList();
        definitions.Count.ShouldBe(4);
        definitions.ShouldAllBe(definition => !definition.ToJsonString().Contains("x-kubernetes-validations", StringComparison.Ordinal));

        await ShouldBeEqual(chart, $"{Overlays}/kubernetes-1.20", text => Strip(JsonNode.Parse(text))!.ToJsonString());
    }

    [Fact]
    public async Task Definitions_stay_when_the_chart_goes()
    {
        var chart = await Helm.ObjectsAsync(Helm.CurrentServer);

        chart.OfKind("CustomResourceDefinition").ShouldAllBe(definition => definition.Annotation("helm.sh/resource-policy") == "keep");
        chart.OfKind("CustomResourceDefinition").ShouldAllBe(definition => definition.ToJsonString().Contains("x-kubernetes-validations", StringComparison.Ordinal));
        (await Helm.ObjectsAsync(Helm.CurrentServer, "--set", "crds.install=false")).OfKind("CustomResourceDefinition").ShouldBeEmpty();
    }

    private static async Task ShouldBeEqual(Manifests chart, string folder, Func<string, string>? relax = null)
    {
        var helm = chart.Contents();
        var kustomize = (await Helm.KustomizeAsync(folder)).Contents().Where(entry => entry.Key != Home)
            .ToDictionary(entry => entry.Key, entry => relax is null ? entry.Value : relax(entry.Value));

        helm.Keys.ShouldBe(kustomize.Keys, ignoreOrder: true);
        foreach (var (key, content) in helm)
        {
            content.ShouldBe(kustomize[key], key);
        }
    }

    private static JsonNode? Strip(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Where(member => member.Key != "x-kubernetes-validations")
            .Select(member => KeyValuePair.Create(member.Key, Strip(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Strip)]),
        _ => node?.DeepClone(),
    };
}
