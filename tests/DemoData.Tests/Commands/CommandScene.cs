using Shouldly;
using Slipway.DemoData.Tests.Catalog;
using Slipway.Testing;

namespace Slipway.DemoData.Tests.Commands;

/// <summary>The executable, as users run it, on a database of one's own.</summary>
public abstract class CommandScene : RoleScene
{
    protected string Folder { get; } = Directory.CreateTempSubdirectory("slipway-demo-").FullName;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A folder with these files.</summary>
    protected string FolderOf(string name, params IReadOnlyList<(string File, string Text)> files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        foreach (var (file, text) in files)
        {
            File.WriteAllText(Path.Combine(folder, file), text);
        }

        return folder;
    }

    protected static Task<CommandResult> SlipwayAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = SlipwayProcess.StartOf(arguments);
        return Command.RunAsync(start.FileName, [.. start.ArgumentList], null, environment);
    }

    /// <summary>Runs a command on this database without a cluster.</summary>
    protected Task<CommandResult> RunCommandAsync(string command, params IReadOnlyList<string> options) =>
        SlipwayAsync([command, "--lock", "database", "--database", Database.ConnectionString, .. options]);

    protected async Task<string> SucceedAsync(string command, params IReadOnlyList<string> options)
    {
        var result = await RunCommandAsync(command, options);
        result.ExitCode.ShouldBe(0, result.Output);
        return result.Output;
    }

    /// <summary>What pg_dump says of a database; without the two lines that are random.</summary>
    protected static async Task<string> DumpAsync(PostgresDatabase database, params IReadOnlyList<string> options)
    {
        var result = await Command.RunAsync("pg_dump", ["--dbname", database.Url, .. options]);
        result.ExitCode.ShouldBe(0, result.Output);
        return string.Join('\n', result.Output.Split('\n').Where(line => !line.Contains("restrict", StringComparison.Ordinal)));
    }
}
