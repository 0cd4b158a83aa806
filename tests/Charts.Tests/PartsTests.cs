using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Slipway.Operator;
using Slipway.Testing;
using Xunit;

namespace Slipway.Charts.Tests;

/// <summary>What single parts of the chart promise.</summary>
public sealed partial class PartsTests
{
    [Fact]
    public async Task Names_are_short_enough_whatever_the_release_is_called()
    {
        var release = new string('a', 53);
        var result = await Helm.RunAsync(
            "template", release, Helm.Chart, "--namespace", "x", "--set", "database.bundled.enabled=true", "--set", "watchNamespaces={shop}", "--values",
            new Case("everything").Values);

        result.ExitCode.ShouldBe(0, result.Output);
        foreach (var document in Manifests.Parse(result.Output).Objects.Values)
        {
            // A CronJob's Jobs and a StatefulSet's pods have endings of up to eleven characters.
            document.Text("metadata.name")!.Length.ShouldBeLessThanOrEqualTo(52, document.Text("kind"));
        }
    }

    [Fact]
    public async Task Two_releases_share_no_object()
    {
        var first = await Objects("one");
        var second = await Objects("two");

        first.Objects.Keys.Intersect(second.Objects.Keys).ShouldBeEmpty();

        static async Task<Manifests> Objects(string release) => Manifests.Parse((await Helm.RunAsync(
            "template", release, Helm.Chart, "--namespace", "both", "--set", "crds.install=false", "--set", "database.bundled.enabled=true")).Output);
    }

    [Fact]
    public async Task Demo_jobs_are_those_of_config_but_for_names()
    {
        var chart = await new Case("kubernetes-1.20").ObjectsAsync();
        var config = Yaml.Read(File.ReadAllText(Repository.PathOf("config/demo-data/cronjob-v1beta1.yaml")));
        var job = chart.Single("CronJob", "slipway-reset-shop");

        job.Text("apiVersion").ShouldBe(config.Text("apiVersion"));
        Comparable(job).ShouldBe(Comparable(config));
        chart.Single("Role", "slipway-demo-data")["rules"]!.ToJsonString()
            .ShouldBe(Yaml.ReadAll(File.ReadAllText(Repository.PathOf("config/demo-data/rbac.yaml"))).Single(item => item.Text("kind") == "Role")!["rules"]!.ToJsonString());
        chart.Single("Namespace", Rbac.DemoNamespace).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_dashboard_asks_for_metrics_that_there_are()
    {
        var objects = await new Case("everything").ObjectsAsync();
        var dashboard = JsonNode.Parse(objects.Single("ConfigMap", "slipway-dashboard").At("data")!["slipway.json"]!.GetValue<string>())!;
        var page = File.ReadAllText(Repository.PathOf("docs/operations.md"));
        var documented = Metric().Matches(page[page.IndexOf("## Metrics", StringComparison.Ordinal)..]).Select(match => match.Value).ToList();

        var used = dashboard.Items("panels").SelectMany(panel => panel.Items("targets"))
            .SelectMany(target => Used().Matches(target.Text("expr")!)).Select(match => match.Groups[1].Value).Distinct().ToList();

        used.Count.ShouldBeGreaterThan(5);
        used.Where(metric => !documented.Contains(metric) && !documented.Any(known => known.StartsWith('_') && metric.EndsWith(known, StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task A_given_name_takes_the_place_of_the_releases()
    {
        var objects = await new Case("digest").ObjectsAsync();

        objects.Objects.Keys.ShouldBe(["Deployment slipway-system/release-operator-operator"]);
        var container = objects.Objects.Values.Single().At("spec.template.spec.containers.0");
        container.Text("image")!.ShouldStartWith("registry.example/slipway@sha256:");
    }

    /// <summary>The parts of a CronJob that names and labels of a release are no part of.</summary>
    private static string Comparable(JsonObject job)
    {
        var copy = job.DeepClone();
        var template = copy.At("spec.jobTemplate")!;
        template.AsObject().Remove("metadata");
        template.At("spec.template")!.AsObject().Remove("metadata");
        var pod = template.At("spec.template.spec")!;
        pod.AsObject().Remove("serviceAccountName");
        var container = pod.At("containers.0")!.AsObject();
        container.Remove("imagePullPolicy");
        var env = container["env"]!.AsArray();
        // The default; the chart says it because it can be chosen.
        foreach (var variable in env.Where(variable => variable.Text("name") == "DEMO_LOCK_NAMESPACE").ToList())
        {
            variable.Text("value").ShouldBe(Rbac.DemoNamespace);
            env.Remove(variable);
        }

        return Manifests.Canonical(copy["spec"])!.ToJsonString();
    }

    [GeneratedRegex("[a-z_]*_(total|seconds|depth|workers|status)")]
    private static partial Regex Metric();

    /// <summary>A metric in a query, without the ending that a histogram's buckets have.</summary>
    [GeneratedRegex(@"([a-z_]+?)(?:_bucket)?\{")]
    private static partial Regex Used();
}
