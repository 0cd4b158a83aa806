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

    // Fetched before anything is run: what that says on the way is no part of an output.
    private static readonly Lazy<Task> Provided = new(() => Repository.HackAsync("helm", "provide"));

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

    public static async Task<Manifests> KustomizeAsync(string folder)
    {
        var result = await RunAsync(["kustomize", Repository.PathOf(folder)]);
        return result.ExitCode == 0 ? Manifests.Parse(result.Output) : throw new InvalidOperationException($"kustomize {folder}: {result.Output}");
    }

    public static async Task<CommandResult> RunAsync(params IReadOnlyList<string> arguments)
    {
        await Provided.Value;
        return await Command.RunAsync(Repository.PathOf("hack/helm"), arguments);
    }

    /// <summary>Runs it against a cluster; throws unless it succeeded.</summary>
    public static async Task<string> RunOnAsync(string kubeConfig, params IReadOnlyList<string> arguments)
    {
        var result = await RunAsync([.. arguments, "--kubeconfig", kubeConfig]);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"helm {string.Join(' ', arguments)}: {result.Output}");
    }

    [GeneratedRegex("(^  password: |postgres://slipway:)[A-Za-z0-9]{32}", RegexOptions.Multiline)]
    private static partial Regex Password();
}
