namespace Slipway.Testing.Cluster;

/// <summary>The real kubectl, for what users do with it.</summary>
public sealed class Kubectl(string kubeConfig)
{
    /// <summary>Runs it to its end and returns both its outputs; throws unless it succeeded.</summary>
    public async Task<string> Run(params IReadOnlyList<string> arguments)
    {
        var result = await Try(arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: exit code {result.ExitCode}\n{result.Output}");
    }

    /// <summary>Runs it to its end, whatever that is.</summary>
    public Task<CommandResult> Try(params IReadOnlyList<string> arguments) => Command.RunAsync("kubectl", ["--kubeconfig", kubeConfig, .. arguments]);

    /// <summary>Applies YAML; on the server, because the client-side check of a newer kubectl does not understand older servers.</summary>
    public Task<string> Apply(string @namespace, string yaml) => ApplyTo(["--namespace", @namespace], yaml);

    /// <summary>Applies YAML that says itself where it belongs.</summary>
    public Task<string> Apply(string yaml) => ApplyTo([], yaml);

    /// <summary>Runs it to its end, with what it reads as the file <c>-</c>; throws unless it succeeded.</summary>
    public async Task<string> Pipe(string input, params IReadOnlyList<string> arguments)
    {
        var result = await Command.RunAsync("kubectl", ["--kubeconfig", kubeConfig, .. arguments], input);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: exit code {result.ExitCode}\n{result.Output}\n{input}");
    }

    private Task<string> ApplyTo(IReadOnlyList<string> where, string yaml) => Pipe(yaml, ["apply", "--server-side", "--filename", "-", .. where]);
}
