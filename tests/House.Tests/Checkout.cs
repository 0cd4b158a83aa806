using System.Diagnostics;
using Slipway.Testing;

namespace Slipway.House.Tests;

/// <summary>The files that are, or are about to be, in the repository.</summary>
internal static class Checkout
{
    private static readonly Lazy<IReadOnlyList<string>> Listed = new(List);

    /// <summary>Paths from the root: tracked files and new ones that are not ignored, without those that were deleted.</summary>
    public static IReadOnlyList<string> Files => Listed.Value;

    public static string PathOf(string file) => Repository.PathOf(file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    public static bool Exists(string file) => File.Exists(PathOf(file));

    private static List<string> List()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = PathOf(""),
            RedirectStandardOutput = true,
        })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0
            ? [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Where(Exists)]
            : throw new InvalidOperationException("git ls-files failed: these tests need a checkout and git.");
    }
}
