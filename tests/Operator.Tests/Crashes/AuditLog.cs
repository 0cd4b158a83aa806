using System.Text;
using System.Text.Json.Nodes;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>
/// What the API server has written down of one user's accepted writes. Events are not in its log: they tell of a release and are no part
/// of it. Each look reads on from where the one before has stopped.
/// </summary>
/// <param name="directory">Where the server keeps its logs.</param>
/// <param name="user">Whose writes.</param>
internal sealed class AuditLog(string directory, string user)
{
    /// <summary>Of a file's beginning: enough to hold the unique id of its first entry, which stays when the server renames a full file.</summary>
    private const int Identity = 160;

    private readonly SemaphoreSlim _reading = new(1);
    private readonly Dictionary<string, long> _read = [];
    private readonly List<AuditedWrite> _writes = [];

    public async Task<IReadOnlyList<AuditedWrite>> WritesAsync(string @namespace)
    {
        await _reading.WaitAsync();
        try
        {
            foreach (var file in Directory.GetFiles(directory, "audit*.log"))
            {
                await ReadOnAsync(file);
            }

            return [.. _writes.Where(write => write.Namespace == @namespace)];
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task ReadOnAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var beginning = new byte[Identity];
        if (await stream.ReadAtLeastAsync(beginning, Identity, throwOnEndOfStream: false) < Identity)
        {
            return;
        }

        var identity = Encoding.UTF8.GetString(beginning);
        stream.Position = _read.GetValueOrDefault(identity);
        var bytes = new byte[stream.Length - stream.Position];
        await stream.ReadExactlyAsync(bytes);

        // The server may be in the middle of a line.
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _read[identity] = stream.Position - bytes.Length + whole;
        _writes.AddRange(Encoding.UTF8.GetString(bytes, 0, whole).Split('\n').Where(line => line.Contains(user, StringComparison.Ordinal)).SelectMany(Parse));
    }

    private IEnumerable<AuditedWrite> Parse(string line)
    {
        var entry = JsonNode.Parse(line);
        if (entry.Text("stage") == "ResponseComplete"
            && (entry.Text("objectRef.namespace") ?? TeamScene.NamespaceOf(entry.Text("objectRef.name"))) is { } @namespace
            && (entry.Text("impersonatedUser.username") ?? entry.Text("user.username")) == user
            && entry.Number("responseStatus.code") is >= 200 and < 300)
        {
            yield return new AuditedWrite(
                @namespace, entry.Text("verb")!, entry.Text("objectRef.apiGroup") ?? "core", entry.Text("objectRef.resource")!, entry.Text("objectRef.name") ?? "");
        }
    }
}

/// <summary>A write that the API server has accepted.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Verb">For example <c>create</c>.</param>
/// <param name="Group">The API group, or <c>core</c>.</param>
/// <param name="Resource">The plural, for example <c>jobs</c>.</param>
/// <param name="Name">The object's.</param>
public sealed record AuditedWrite(string Namespace, string Verb, string Group, string Resource, string Name)
{
    public string Kind => $"{Group} {Resource}";
}
