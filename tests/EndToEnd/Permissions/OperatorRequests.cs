using System.Text.Json.Nodes;
using Slipway.Operator;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.EndToEnd.Permissions;

/// <summary>Every kind of request that the operator's service account has made since the tests began, from the API server's audit log.</summary>
/// <param name="directory">Where the server keeps its logs.</param>
public sealed class OperatorRequests(string directory)
{
    private const string User = $"system:serviceaccount:{Rbac.Namespace}:{Rbac.ServiceAccount}";

    private readonly AuditTail _tail = new(directory);
    private readonly HashSet<Request> _seen = [];

    /// <summary>From now on: forgets what has been, which other operators may have asked for.</summary>
    public Task BeginAsync() => _tail.ReadOnAsync();

    public async Task<IReadOnlyCollection<Request>> SeenAsync()
    {
        foreach (var line in await _tail.ReadOnAsync())
        {
            if (line.Contains(User, StringComparison.Ordinal) && JsonNode.Parse(line) is { } entry && entry.Text("user.username") == User)
            {
                _seen.UnionWith(Request.Of(entry));
            }
        }

        return _seen;
    }
}
