using System.Text.Json.Nodes;
using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>An API server of its own, which writes down who wrote what.</summary>
public sealed class CrashCluster : LocalCluster
{
    private const string Operator = "system:serviceaccount:slipway-system:slipway";

    protected override string Instance => "crash";

    /// <summary>Never somebody's own cluster: that has no log of this form.</summary>
    protected override string? Given => null;

    /// <summary>
    /// How many writes of the operator the API server has accepted in a namespace, by its own log. Events are not in the log: they tell
    /// of a release and are no part of it.
    /// </summary>
    public async Task<int> AuditedWritesAsync(string @namespace)
    {
        var count = 0;
        foreach (var file in Directory.GetFiles(Repository.PathOf($".local/{Instance}/logs"), "audit*.log"))
        {
            // The server has it open, and may be in the middle of a line.
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync() is { } line)
            {
                count += line.Contains(@namespace, StringComparison.Ordinal) && IsWrite(line, @namespace) ? 1 : 0;
            }
        }

        return count;
    }

    private static bool IsWrite(string line, string @namespace) =>
        line.EndsWith('}')
        && JsonNode.Parse(line) is var entry
        && entry.Text("stage") == "ResponseComplete"
        && entry.Text("objectRef.namespace") == @namespace
        && (entry.Text("impersonatedUser.username") ?? entry.Text("user.username")) == Operator
        && entry.Number("responseStatus.code") is >= 200 and < 300;
}

/// <summary>Crashes happen one after another: there is one operator, and it sees all namespaces.</summary>
[CollectionDefinition(Name)]
public sealed class CrashCollection : ICollectionFixture<CrashCluster>
{
    public const string Name = "API server that writes down who wrote what";
}
