using Slipway.Kubernetes;
using Slipway.Kubernetes.Config;
using Slipway.Testing.Cluster;
using Xunit;

namespace Slipway.DemoData.Tests.Races;

/// <summary>A real API server for the leases, and the files that the runs are given.</summary>
public sealed class RaceCluster : LocalCluster
{
    internal KubeClient Client { get; private set; } = null!;

    internal RaceFiles Files { get; } = new();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Client = new KubeClient(KubeConfig.Load(new KubeConfigSource { Path = KubeConfigPath }), new KubeClientOptions());
    }

    public override async Task DisposeAsync()
    {
        Client?.Dispose();
        Files.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>They pause and kill each other and count seconds of leases: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RaceCollection : ICollectionFixture<RaceCluster>
{
    public const string Name = "demo data under races";
}
