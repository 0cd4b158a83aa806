using Slipway.Testing;

namespace Slipway.Kubernetes.Tests;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("slipway-").FullName;

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A program that a plugin's configuration can name.</summary>
    public string WriteProgram(string name, string shell) => Executable.Write(System.IO.Path.Combine(Path, name), "#!/bin/sh\n" + shell);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
