using Slipway.Kubernetes.Config;
using Slipway.Testing;
using Slipway.Testing.Cluster;

namespace Slipway.Benchmarks.Servers;

/// <summary>A real API server: an instance of the local control plane for the benchmarks alone, removed at the end.</summary>
internal sealed class RealCluster : LocalCluster
{
    protected override string Instance => "bench";

    /// <summary>Starts it and makes a namespace.</summary>
    public async Task<Server> StartAsync()
    {
        await InitializeAsync();
        var place = await NewNamespaceAsync();
        var config = KubeConfig.Load(new KubeConfigSource { Path = KubeConfigPath });
        return new Server($"Kubernetes {Settings.GetValueOrDefault("KUBERNETES_VERSION", "of your own")}", place.Name, config, Server.ForwardAsync);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Repository.HackAsync("cluster", "down", "--name", Instance);
    }
}
