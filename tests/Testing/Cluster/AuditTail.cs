using System.Text;

namespace Slipway.Testing.Cluster;

/// <summary>
/// The audit log of an API server, line by line. Each look reads on from where the one before has stopped, also when the server has renamed
/// a full file meanwhile.
/// </summary>
/// <param name="directory">Where the server keeps its logs.</param>
public sealed class AuditTail(string directory)
{
    /// <summary>Of a file's beginning: enough to hold the unique id of its first entry, which stays when the server renames a full file.</summary>
    private const int Identity = 160;

    private readonly Dictionary<string, long> _read = [];

    /// <summary>The whole lines that have come since the look before. One look at a time.</summary>
    public async Task<IReadOnlyList<string>> ReadOnAsync()
    {
        var lines = new List<string>();
        foreach (var file in Directory.GetFiles(directory, "audit*.log"))
        {
            lines.AddRange(await ReadOnAsync(file));
        }

        return lines;
    }

    private async Task<string[]> ReadOnAsync(string file)
    {
        await using var stream = Open(file);
        if (stream is null)
        {
            return [];
        }

        var beginning = new byte[Identity];
        if (await stream.ReadAtLeastAsync(beginning, Identity, throwOnEndOfStream: false) < Identity)
        {
            return [];
        }

        var identity = Encoding.UTF8.GetString(beginning);
        stream.Position = _read.GetValueOrDefault(identity);
        var bytes = new byte[stream.Length - stream.Position];
        await stream.ReadExactlyAsync(bytes);

        // The server may be in the middle of a line.
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _read[identity] = stream.Position - bytes.Length + whole;
        return Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <returns>Null for a file that the server has renamed just now, to be read at the next look, or removed, which was read before.</returns>
    private static FileStream? Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
