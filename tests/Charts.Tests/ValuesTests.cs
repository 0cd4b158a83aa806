using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Slipway.Operator.Commands;
using Slipway.Testing;
using Xunit;

namespace Slipway.Charts.Tests;

/// <summary>Which values there are, and what the schema says about wrong ones.</summary>
public sealed partial class ValuesTests
{
    private static readonly JsonObject Defaults = Yaml.Read(File.ReadAllText($"{Helm.Chart}/values.yaml"));

    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText($"{Helm.Chart}/values.schema.json"))!.AsObject();

    /// <summary>Options that the chart sets by itself, or that have no meaning in a pod.</summary>
    private static readonly string[] SetByTheChart =
        ["--database", "--kubeconfig", "--context", "--watch-namespaces", "--build-config", "--env-keys-file", "--lease-namespace"];

    [Theory]
    [InlineData("replica=3", "replica")]
    [InlineData("image.version=1", "version")]
    [InlineData("replicas=two", "replicas")]
    [InlineData("replicas=-1", "replicas")]
    [InlineData("image.digest=sha256:abc", "digest")]
    [InlineData("image.pullPolicy=Sometimes", "pullPolicy")]
    [InlineData("options.logLevel=loud", "logLevel")]
    [InlineData("options.workers=0", "workers")]
    [InlineData("options.probeAddress=0.0.0.0:9090", "probeAddress")]
    [InlineData("options.drainTimeout=1.5m", "drainTimeout")]
    [InlineData("options.database=postgres://user:secret@host/db", "database")]
    [InlineData("watchNamespaces={Shop}", "watchNamespaces")]
    [InlineData("watchNamespaces={shop,shop}", "watchNamespaces")]
    [InlineData("database.existingSecret=", "existingSecret")]
    [InlineData("database.password=secret", "password")]
    [InlineData("demoData.databases[0].name=shop", "schedule")]
    [InlineData("podDisruptionBudget.maxUnavailable=some", "maxUnavailable")]
    [InlineData("extraEnv[0].value=1", "name")]
    public async Task A_wrong_value_is_refused_by_its_name(string value, string named)
    {
        var result = await Helm.RunAsync("template", Helm.Chart, "--set", value);

        result.ExitCode.ShouldNotBe(0);
        result.Output.ShouldContain(named);
    }

    [Fact]
    public void The_schema_knows_exactly_the_values_that_there_are() => Mismatches(Defaults, Schema, "").ShouldBeEmpty();

    [Fact]
    public void Options_are_those_of_the_operator()
    {
        var options = Schema.At("properties.options.properties")!.AsObject().Select(option => $"--{Capital().Replace(option.Key, "-$0").ToLowerInvariant()}");

        options.Concat(SetByTheChart).ShouldBe(OperatorCommand.Options.Select(option => option.Flag), ignoreOrder: true);
    }

    [Fact]
    public void Every_value_is_explained_where_it_stands()
    {
        var lines = File.ReadAllLines($"{Helm.Chart}/values.yaml");
        var explained = lines.Index().Where(line => line.Item.TrimStart().StartsWith("# -- ", StringComparison.Ordinal))
            .Select(line => lines.Skip(line.Index).First(next => !next.TrimStart().StartsWith('#')).Trim().Split(':')[0]);

        Leaves(Defaults, "").Select(path => path.Split('.')[^1]).Order(StringComparer.Ordinal).ShouldBe(explained.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_readme_tells_of_every_value()
    {
        var readme = File.ReadAllText($"{Helm.Chart}/README.md");

        Leaves(Defaults, "").Where(path => !readme.Contains($"| `{path}` |", StringComparison.Ordinal)).ShouldBeEmpty();
        Row().Matches(readme).Select(row => row.Groups[1].Value).ShouldBeSubsetOf(Leaves(Defaults, ""));
    }

    [Fact]
    public void Chart_kustomize_and_binary_have_one_version()
    {
        var version = typeof(OperatorCommand).Assembly.GetName().Version!.ToString(3);
        var chart = Yaml.Read(File.ReadAllText($"{Helm.Chart}/Chart.yaml"));
        var deployment = Yaml.Read(File.ReadAllText(Repository.PathOf("config/manager/deployment.yaml")));

        chart.Text("appVersion").ShouldBe(version);
        chart.Text("version").ShouldBe(version);
        deployment.Text("spec.template.spec.containers.0.image").ShouldBe($"{Defaults.Text("image.repository")}:{version}");
    }

    /// <summary>What a chart's user sets as one: a value without values below, or one of the forms that Kubernetes gives.</summary>
    private static IEnumerable<string> Leaves(JsonObject values, string prefix) =>
        values.SelectMany(member => member.Value is JsonObject { Count: > 0 } below && !IsOpen($"{prefix}{member.Key}")
            ? Leaves(below, $"{prefix}{member.Key}.")
            : [$"{prefix}{member.Key}"]);

    /// <summary>Whether its members are no values of the chart's own.</summary>
    private static bool IsOpen(string path) => path.EndsWith("ecurityContext", StringComparison.Ordinal)
        || path.EndsWith("resources", StringComparison.Ordinal) || path.EndsWith("labels", StringComparison.Ordinal);

    private static IEnumerable<string> Mismatches(JsonObject values, JsonObject schema, string prefix)
    {
        if (schema["$ref"] is { } reference)
        {
            schema = Schema["definitions"]![((string)reference!).Split('/')[^1]]!.AsObject();
        }

        if (schema["properties"] is not JsonObject properties || ((string?)schema["type"] == "object" && schema["additionalProperties"] is null))
        {
            return schema["type"] is null ? [$"{prefix}: no type"] : [];
        }

        // Without a default by design: for parts of other charts, and options that have the operator's own.
        var known = properties.Select(property => property.Key).Where(name => prefix.Length > 0 || name != "global");
        return prefix is "options." ? [] : known.Except(values.Select(value => value.Key)).Select(name => $"{prefix}{name} has no default")
            .Concat(values.Select(value => value.Key).Except(properties.Select(property => property.Key)).Select(name => $"{prefix}{name} is not in the schema"))
            .Concat(values.Where(value => value.Value is JsonObject && properties[value.Key] is JsonObject)
                .SelectMany(value => Mismatches(value.Value!.AsObject(), properties[value.Key]!.AsObject(), $"{prefix}{value.Key}.")));
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex(@"^\| `([A-Za-z.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
