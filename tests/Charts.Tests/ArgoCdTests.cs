using System.Text;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Charts.Tests;

/// <summary>Argo CD reads its scripts in a ConfigMap: that has the files of <c>resource_customizations</c> in it. <c>UPDATE_GOLDEN=1</c> rewrites it.</summary>
public sealed class ArgoCdTests
{
    private const string Heading =
        """
        # What Argo CD is to know about the kinds of slipway.dev. Written from resource_customizations beside it, by a test (UPDATE_GOLDEN=1).
        #   kubectl -n argocd patch configmap argocd-cm --patch-file gitops/argocd/argocd-cm.yaml
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: argocd-cm
          namespace: argocd
          labels:
            app.kubernetes.io/name: argocd-cm
            app.kubernetes.io/part-of: argocd
        data:

        """;

    private static readonly string Scripts = Repository.PathOf("gitops/argocd/resource_customizations/slipway.dev");

    private static readonly string File = Repository.PathOf("gitops/argocd/argocd-cm.yaml");

    private static IEnumerable<string> Kinds => Directory.GetDirectories(Scripts).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    [Fact]
    public async Task The_ConfigMap_has_the_scripts_that_are_tested()
    {
        var text = await TextAsync();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await System.IO.File.WriteAllTextAsync(File, text);
        }

        (await System.IO.File.ReadAllTextAsync(File)).ShouldBe(text);
    }

    /// <summary>Read as Argo CD reads it: YAML in YAML.</summary>
    [Fact]
    public async Task Each_script_comes_out_as_it_is()
    {
        var data = Yaml.Read(await System.IO.File.ReadAllTextAsync(File))["data"]!;
        foreach (var kind in Kinds)
        {
            ((string?)data[$"resource.customizations.health.slipway.dev_{kind}"]).ShouldBe(await ReadAsync($"{kind}/health.lua"));
            if (data[$"resource.customizations.actions.slipway.dev_{kind}"] is not { } actions)
            {
                Actions(kind).ShouldBeEmpty();
                continue;
            }

            var read = Yaml.Read((string)actions!);
            ((string?)read["discovery.lua"]).ShouldBe(await ReadAsync($"{kind}/actions/discovery.lua"));
            foreach (var definition in read.Items("definitions"))
            {
                ((string?)definition["action.lua"]).ShouldBe(await ReadAsync($"{kind}/actions/{definition.Text("name")}/action.lua"));
            }

            read.Items("definitions").Select(definition => definition.Text("name")).ShouldBe(Actions(kind));
        }
    }

    private static IReadOnlyList<string> Actions(string kind) => Directory.Exists($"{Scripts}/{kind}/actions")
        ? [.. Directory.GetDirectories($"{Scripts}/{kind}/actions").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
        : [];

    private static async Task<string> TextAsync()
    {
        var text = new StringBuilder(Heading);
        foreach (var kind in Kinds)
        {
            text.Append($"  resource.customizations.health.slipway.dev_{kind}: |\n").Append(await IndentedAsync($"{kind}/health.lua", 4));
            if (Actions(kind).Count == 0)
            {
                continue;
            }

            text.Append($"  resource.customizations.actions.slipway.dev_{kind}: |\n    discovery.lua: |\n");
            text.Append(await IndentedAsync($"{kind}/actions/discovery.lua", 6)).Append("    definitions:\n");
            foreach (var action in Actions(kind))
            {
                text.Append($"      - name: {action}\n        action.lua: |\n").Append(await IndentedAsync($"{kind}/actions/{action}/action.lua", 10));
            }
        }

        return text.ToString();
    }

    private static async Task<string> IndentedAsync(string script, int columns) => string.Concat(
        (await ReadAsync(script)).TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? "\n" : $"{new string(' ', columns)}{line}\n"));

    private static Task<string> ReadAsync(string script) => System.IO.File.ReadAllTextAsync($"{Scripts}/{script}");
}
