namespace Slipway.Testing;

/// <summary>Helm and kustomize as <c>hack/helm</c> provides them.</summary>
public static class HelmCommand
{
    // Fetched before anything is run: what that says on the way is no part of an output.
    private static readonly Lazy<Task> Provided = new(() => Repository.HackAsync("helm", "provide"));

    public static Task<CommandResult> RunAsync(params IReadOnlyList<string> arguments) => RunAsync(null, arguments);

    /// <param name="input">What it reads where a file is named <c>-</c>.</param>
    /// <param name="arguments">As of helm itself; <c>kustomize FOLDER</c> as of kubectl.</param>
    public static async Task<CommandResult> RunAsync(string? input, IReadOnlyList<string> arguments)
    {
        await Provided.Value;
        return await Command.RunAsync(Repository.PathOf("hack/helm"), arguments, input);
    }

    /// <summary>Its output; throws unless it succeeded.</summary>
    public static async Task<string> OutputAsync(string? input, IReadOnlyList<string> arguments)
    {
        var result = await RunAsync(input, arguments);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"helm {string.Join(' ', arguments)}: {result.Output}");
    }
}
