using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Testing;

namespace Slipway.EndToEnd;

/// <summary>The operator's process in a pod, as its node sees it: by the kernel's word, and not by what a manifest asks for.</summary>
/// <param name="Id">On this machine.</param>
public sealed record ContainerProcess(int Id)
{
    private string Folder => $"/proc/{Id}";

    /// <summary>The root of its file system, as it sees it.</summary>
    public string Root => $"{Folder}/root";

    /// <summary>Finds it by the id of the pod's one container, which is in the name of its cgroup.</summary>
    public static ContainerProcess Of(JsonNode pod)
    {
        var container = pod.Items("status.containerStatuses").Single().Text("containerID")!.Split("//")[1];
        return Directory.GetDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _) && Read($"/proc/{name}/cgroup").Contains(container, StringComparison.Ordinal))
            .Select(name => new ContainerProcess(int.Parse(name!, CultureInfo.InvariantCulture)))
            .Single(process => File.ResolveLinkTarget($"{process.Folder}/exe", false)!.FullName.EndsWith("/slipway", StringComparison.Ordinal));
    }

    /// <summary>SIGKILL: no handler runs, no buffer is flushed.</summary>
    public void Kill()
    {
        using var process = Process.GetProcessById(Id);
        process.Kill();
    }

    /// <summary>A line of its status, for example <c>Uid</c>, its words with single spaces.</summary>
    public string Status(string name)
    {
        var line = Read($"{Folder}/status").Split('\n').Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal));
        return line[(name.Length + 1)..].Trim().Replace('\t', ' ');
    }

    /// <summary>Where it has something mounted that is not read-only, and that its user may write; devices are no place to leave anything.</summary>
    public async Task<IReadOnlyList<string>> PlacesToWriteAsync()
    {
        var mounts = WritableMounts(Read($"{Folder}/mountinfo")).Distinct().ToList();
        var user = Status("Uid").Split(' ')[0];
        var seen = await Command.RunAsync("stat", ["--format", "%u %a %F", .. mounts.Select(mount => $"{Root}{mount}")]);
        return seen.ExitCode == 0
            ? [.. mounts.Zip(seen.Output.Split('\n')).Where(pair => IsWritable(user, pair.Second.Split(' ', 3))).Select(pair => pair.First)]
            : throw new InvalidOperationException(seen.Output);
    }

    /// <summary>Whether its file system can be written at all, be it by root.</summary>
    public bool HasWritableRoot => WritableMounts(Read($"{Folder}/mountinfo")).Contains("/");

    /// <summary>
    /// The mounts that are not read-only, of a text as in mountinfo (man 5 proc): a mount's own options are the sixth field, its file
    /// system's the last.
    /// </summary>
    public static IReadOnlyList<string> WritableMounts(string mounts) =>
    [
        .. mounts.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(fields => fields[5].Split(',').Contains("rw") && fields[^1].Split(',').Contains("rw"))
            .Select(fields => fields[4]),
    ];

    private static bool IsWritable(string user, string[] owned) =>
        !owned[2].StartsWith("character", StringComparison.Ordinal) && (owned[0] == user || (owned[1][^1] & 2) != 0);

    /// <summary>Empty for a process that has ended meanwhile.</summary>
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
