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

        await ShouldBeEqual(chart, $"{Overlays}/kubernetes-1.20", "x-kubernetes-validations");
    }

    [Fact]
    public async Task Definitions_stay_when_the_chart_goes()
    {
        var chart = await Helm.ObjectsAsync(Helm.CurrentServer);

        chart.OfKind("CustomResourceDefinition").ShouldAllBe(definition => definition.Annotation("helm.sh/resource-policy") == "keep");
        chart.OfKind("CustomResourceDefinition").ShouldAllBe(definition => definition.ToJsonString().Contains("x-kubernetes-validations", StringComparison.Ordinal));
        (await Helm.ObjectsAsync(Helm.CurrentServer, "--set", "crds.install=false")).OfKind("CustomResourceDefinition").ShouldBeEmpty();
    }

    /// <param name="chart">What Helm makes.</param>
    /// <param name="folder">What kustomize reads.</param>
    /// <param name="without">A member that does not count in what kustomize makes, wherever it is.</param>
    private static async Task ShouldBeEqual(Manifests chart, string folder, string? without = null)
    {
        var helm = chart.Contents();
        var kustomize = (await Helm.KustomizeAsync(folder)).Without(without).Contents().Where(entry => entry.Key != Home).ToDictionary();

        helm.Keys.ShouldBe(kustomize.Keys, ignoreOrder: true);
        helm.Where(entry => entry.Value != kustomize[entry.Key]).Select(entry => Difference(entry.Key, entry.Value, kustomize[entry.Key])).ShouldBeEmpty();
    }

    private static string Difference(string key, string helm, string kustomize)
    {
        var (chart, config) = (helm.Split('\n'), kustomize.Split('\n'));
        var only = chart.Except(config).Select(line => $"chart: {line.Trim()}").Concat(config.Except(chart).Select(line => $"config: {line.Trim()}"));
        return $"{key}\n{string.Join('\n', only)}";
    }
}
