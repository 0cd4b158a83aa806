using Slipway.Testing;

namespace Slipway.EndToEnd;

/// <summary>A Git repository on disk, which the node's Git server shows to the pods.</summary>
public sealed class GitRepository
{
    private static readonly Dictionary<string, string> Identity = new()
    {
        // A person may sign commits, or have hooks.
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_AUTHOR_NAME"] = "Somebody",
        ["GIT_AUTHOR_EMAIL"] = "somebody@example.com",
        ["GIT_COMMITTER_NAME"] = "Somebody",
        ["GIT_COMMITTER_EMAIL"] = "somebody@example.com",
    };

    private readonly string _folder;

    private GitRepository(string folder, string url) => (_folder, Url) = (folder, url);

    /// <summary>Its address, as pods reach it.</summary>
    public string Url { get; }

    public static async Task<GitRepository> CreateAsync(string root, string server, string name)
    {
        var repository = new GitRepository(Path.Combine(root, name), $"{server}/{name}");
        Directory.CreateDirectory(repository._folder);
        await repository.GitAsync("init", "--quiet", "--initial-branch", "main");
        return repository;
    }

    /// <summary>Commits the files, by their names, to the branch main.</summary>
    /// <returns>The commit.</returns>
    public async Task<string> CommitAsync(params IReadOnlyList<(string Name, string Text)> files)
    {
        foreach (var (name, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, name), text);
        }

        await GitAsync("add", "--all");
        await GitAsync("commit", "--quiet", "--message", $"Change {string.Join(", ", files.Select(file => file.Name))}");
        return (await GitAsync("rev-parse", "HEAD")).Trim();
    }

    private async Task<string> GitAsync(params IReadOnlyList<string> arguments)
    {
        var result = await Command.RunAsync("git", ["-C", _folder, .. arguments], environment: Identity);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: exit code {result.ExitCode}\n{result.Output}");
    }
}
