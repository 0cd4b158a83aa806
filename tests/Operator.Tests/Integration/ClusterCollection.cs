using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.Operator.Tests.Integration;

/// <summary>Everything on the real API server runs one after another: an operator acts in all namespaces.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<LocalCluster>
{
    public const string Name = "real API server and PostgreSQL";
}
