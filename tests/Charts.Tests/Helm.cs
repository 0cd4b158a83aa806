using System.Text.RegularExpressions;
using Slipway.Testing;

namespace Slipway.Charts.Tests;

/// <summary>Helm and kustomize as <c>hack/helm</c> provides them.</summary>
internal static partial class Helm
{
    public const string Release = "slipway";

    public const string Namespace = "slipway-system";

    /// <summary>Where output must not depend on the server that it is for.</summary>
    public const string CurrentServer = "1.34.0";

    public static readonly string Chart = Repository.PathOf("charts/slipway");

    /// <summary>The chart's manifests for a server of that version, with a generated password made the same each time.</summary>
    public static async Task<string> TemplateAsync(string server, params IReadOnlyList<string> arguments)
    {
        var result = await RunAsync(["template", Release, Chart, "--namespace", Namespace, "--kube-version", server, .. arguments]);
        return result.ExitCode == 0
            ? Password().Replace(result.Output, "$1<generated>")
            : throw new InvalidOperationException($"helm template {string.Join(' ', arguments)}: {result.Output}");
    }

    /// <summary>The same as objects.</summary>
    public static async Task<Manifests> ObjectsAsync(string server, params IReadOnlyList<string> arguments) =>
        Manifests.Parse(await TemplateAsync(server, arguments));

    public static async Task<Manifests> KustomizeAsync(string folder) =>
        Manifests.Parse(await HelmCommand.OutputAsync(null, ["kustomize", Repository.PathOf(folder)]));

    public static Task<CommandResult> RunAsync(params IReadOnlyList<string> arguments) => HelmCommand.RunAsync(arguments);

    /// <summary>Runs it against a cluster; throws unless it succeeded.</summary>
    public static Task<string> RunOnAsync(string kubeConfig, params IReadOnlyList<string> arguments) =>
        HelmCommand.OutputAsync(null, [.. arguments, "--kubeconfig", kubeConfig]);

    [GeneratedRegex("(^  password: |postgres://slipway:)[A-Za-z0-9]{32}", RegexOptions.Multiline)]
    private static partial Regex Password();
}
