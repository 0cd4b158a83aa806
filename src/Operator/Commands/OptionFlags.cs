using System.CommandLine;
using Slipway.Kubernetes.Config;

namespace Slipway.Operator.Commands;

/// <summary>What the commands have in common: options with an environment variable each, and the way to the cluster.</summary>
internal static class OptionFlags
{
    /// <summary>Adds the options to the command; what is returned reads them from a command line and the environment.</summary>
    public static Func<ParseResult, OptionValues> AddTo(Command command, IReadOnlyList<OptionSpec> specs)
    {
        var flags = new Dictionary<string, Option<string?>>();
        foreach (var spec in specs)
        {
            var fallback = spec.Default is null ? "" : $" [default: {spec.Default}]";
            var option = new Option<string?>(spec.Flag) { Description = $"{spec.Help} (environment: {spec.Variable}){fallback}" };
            flags.Add(spec.Flag, option);
            command.Options.Add(option);
        }

        return parsed => new OptionValues(specs, flag => parsed.GetValue(flags[flag]), Environment.GetEnvironmentVariable);
    }

    /// <summary>The kubeconfig of <c>--kubeconfig</c> and <c>--context</c>, or the usual one.</summary>
    /// <exception cref="InvalidOptionException">There is none, or it cannot be used.</exception>
    public static KubeConfig LoadKubeconfig(OptionValues values)
    {
        try
        {
            return KubeConfig.Load(new KubeConfigSource { Path = values.Optional("--kubeconfig"), Context = values.Optional("--context") });
        }
        catch (KubeConfigException error)
        {
            var given = new[] { "--kubeconfig", "--context" }.Where(flag => values.Optional(flag) is not null).ToList();
            var where = string.Join(' ', given.Select(flag => $"{values.Name(flag)} {values.Optional(flag)}"));
            throw new InvalidOptionException(given.Count == 0 ? $"{error.Message} (or give --kubeconfig)" : $"{where}: {error.Message}");
        }
    }
}
