using System.Text.Json.Nodes;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>
/// What the API server has written down of one user's accepted writes. Events are not in its log: they tell of a release and are no part
/// of it.
/// </summary>
/// <param name="directory">Where the server keeps its logs.</param>
/// <param name="user">Whose writes.</param>
internal sealed class AuditLog(string directory, string user)
{
    private readonly SemaphoreSlim _reading = new(1);
    private readonly AuditTail _tail = new(directory);
    private readonly List<AuditedWrite> _writes = [];

    public async Task<IReadOnlyList<AuditedWrite>> WritesAsync(string @namespace)
    {
        await _reading.WaitAsync();
        try
        {
            var lines = await _tail.ReadOnAsync();
            _writes.AddRange(lines.Where(line => line.Contains(user, StringComparison.Ordinal)).SelectMany(Parse));
            return [.. _writes.Where(write => write.Namespace == @namespace)];
        }
        finally
        {
            _reading.Release();
        }
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
