using System.Runtime.CompilerServices;

namespace Slipway.Testing;

/// <summary>Files of this checkout that tests use as users do.</summary>
public static class Repository
{
    private static readonly string Root = Path.GetFullPath("../..", Path.GetDirectoryName(ThisFile())!);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>Runs one of the scripts in hack/, and throws with its output unless it succeeded.</summary>
    public static async Task<string> HackAsync(string script, params IReadOnlyList<string> arguments)
    {
        var result = await Command.RunAsync(PathOf($"hack/{script}"), arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"hack/{script} {string.Join(' ', arguments)}: exit code {result.ExitCode}\n{result.Output}");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
