using System.Text.RegularExpressions;
using Shouldly;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Integration;

/// <summary>The commands of <c>docs/operations.md</c>, run as they stand there: what people are told is what is tested.</summary>
internal sealed partial class OperationsPage(string kubeConfig) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-operations-").FullName;

    /// <summary>The blocks of commands of a section.</summary>
    public static IReadOnlyList<string> Commands(string section)
    {
        var page = File.ReadAllText(Repository.PathOf("docs/operations.md"));
        var text = page.Split("\n## ").Single(part => part.StartsWith(section + "\n", StringComparison.Ordinal));
        return [.. Block().Matches(text).Select(match => match.Groups[1].Value)];
    }

    /// <summary>Runs commands one after the other, all in one folder, and fails with the first that fails.</summary>
    public async Task<string> RunAsync(string commands, string database)
    {
        var slipway = SlipwayProcess.StartOf([]);
        var program = string.Join(' ', slipway.ArgumentList.Prepend(slipway.FileName).Select(word => $"'{word}'"));
        var result = await Command.RunAsync(
            "bash",
            ["-euc", $"cd '{_folder}'\nslipway() {{ {program} \"$@\"; }}\n{commands}"],
            environment: new Dictionary<string, string>
            {
                ["DATABASE_URL"] = database,
                ["SLIPWAY_KUBECONFIG"] = kubeConfig,
                ["SLIPWAY_ENV_KEYS_FILE"] = TestEnvKeys.File,
            });
        result.ExitCode.ShouldBe(0, result.Output);
        return result.Output;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex(@"```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
