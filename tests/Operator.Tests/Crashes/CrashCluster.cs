using Slipway.Testing;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>An API server of its own, which writes down who wrote what.</summary>
public sealed class CrashCluster : LocalCluster
{
    private readonly AuditLog _log = new(Repository.PathOf(".local/crash/logs"), "system:serviceaccount:slipway-system:slipway");

    protected override string Instance => "crash";

    /// <summary>Never somebody's own cluster: that has no log of this form.</summary>
    protected override string? Given => null;

    /// <summary>The writes of the operator that the API server has accepted in a namespace, by its own log.</summary>
    public Task<IReadOnlyList<AuditedWrite>> AuditedWritesAsync(string @namespace) => _log.WritesAsync(@namespace);
}

/// <summary>Crashes happen one after another: there is one operator, and it sees all namespaces.</summary>
[CollectionDefinition(Name)]
public sealed class CrashCollection : ICollectionFixture<CrashCluster>
{
    public const string Name = "API server that writes down who wrote what";
}
