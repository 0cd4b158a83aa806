using System.Diagnostics;

namespace Slipway.Testing;

/// <summary>A program that a test writes.</summary>
public static class Executable
{
    /// <summary>
    /// Writes it, but not by this process itself: other threads start processes, which hold for a moment what this one has open, and
    /// no program can be run while somebody has it open to write it ("text file busy").
    /// </summary>
    /// <returns>The path.</returns>
    public static string Write(string path, string text)
    {
        var draft = $"{path}.text";
        File.WriteAllText(draft, text);
        using var install = Process.Start("install", ["-m", "700", draft, path]);
        install.WaitForExit();
        return install.ExitCode == 0 ? path : throw new InvalidOperationException($"{path} cannot be written");
    }
}
