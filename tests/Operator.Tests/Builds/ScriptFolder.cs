using Slipway.Testing;

namespace Slipway.Operator.Tests.Builds;

/// <summary>A build's scripts on this machine: its volumes are folders, and its programs the machine's or stand-ins.</summary>
internal sealed class ScriptFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("slipway-build-").FullName;

    public ScriptFolder()
    {
        Directory.CreateDirectory(PathOf("bin"));
        Directory.CreateDirectory(PathOf("workspace"));
    }

    /// <summary>What the script left for the operator.</summary>
    public string Termination => File.Exists(PathOf("termination")) ? File.ReadAllText(PathOf("termination")) : "";

    public string PathOf(string relative) => Path.Combine(_root, relative);

    /// <summary>A file of the source as it was fetched; null when it is not there.</summary>
    public string? Fetched(string file) => Read($"workspace/source/{file}");

    public string? Read(string file) => File.Exists(PathOf(file)) ? File.ReadAllText(PathOf(file)) : null;

    public string Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
        return PathOf(file);
    }

    /// <summary>Puts a program before the machine's own of that name.</summary>
    public void Program(string name, string shell) => Executable.Write(PathOf($"bin/{name}"), "#!/bin/sh\n" + shell);

    public Task<CommandResult> RunAsync(string script, params IReadOnlyList<(string Name, string Value)> environment)
    {
        File.Delete(PathOf("termination"));
        var all = new Dictionary<string, string>
        {
            ["PATH"] = $"{PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["SLIPWAY_WORKSPACE"] = PathOf("workspace"),
            ["SLIPWAY_TERMINATION"] = PathOf("termination"),
            ["SLIPWAY_PRIVATE"] = _root,
            ["SLIPWAY_IMAGE"] = "registry.example/shop:1",
            ["GIT_ALLOW_PROTOCOL"] = "file",
            ["GIT_CONFIG_NOSYSTEM"] = "1",
        };
        foreach (var (name, value) in environment)
        {
            all[name] = value;
        }

        return Command.RunAsync("/bin/sh", ["-c", script], environment: all);
    }

    public async Task<string> GitAsync(string repository, params IReadOnlyList<string> arguments)
    {
        var result = await Command.RunAsync(
            "git", ["-C", PathOf(repository), "-c", "user.name=Test", "-c", "user.email=test@example.com", .. arguments],
            environment: new Dictionary<string, string> { ["GIT_CONFIG_NOSYSTEM"] = "1", ["HOME"] = _root });
        return result.ExitCode == 0 ? result.Output.Trim() : throw new InvalidOperationException(result.Output);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
