using Slipway.Benchmarks.Servers;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Kubernetes;
using Slipway.Runtime;
using Slipway.Runtime.Caching;

namespace Slipway.Benchmarks.Latency;

/// <summary>Sees an object when its reconcile begins: through client, cache, queue and controller, as an operator does.</summary>
internal sealed class RuntimeWitness : IWitness, IReconciler
{
    private readonly CancellationTokenSource _stop = new();
    private readonly KubeClient _client;
    private readonly Manager _manager;
    private readonly Task _running;

    private RuntimeWitness(Server server)
    {
        _client = server.NewClient();
        _manager = new Manager(_client, new ManagerOptions(), new LoudObserver(), TimeProvider.System, new Random(1));
        Releases = _manager.Informer<Deployment>(new InformerScope { Namespace = server.Namespace });
        _manager.AddController("benchmark", this, new ControllerOptions { MaxConcurrentReconciles = 2 }).For(Releases);
        _running = _manager.RunAsync(_stop.Token);
    }

    public Sighting Sighting { get; } = new();

    private Informer<Deployment> Releases { get; }

    public static async Task<IWitness> StartAsync(Server server)
    {
        var witness = new RuntimeWitness(server);
        await witness.Releases.WaitForSyncAsync(CancellationToken.None);
        return witness;
    }

    public Task<Next> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        Sighting.See(key.Name);
        return Task.FromResult(Next.Settled);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _manager.Dispose();
        _client.Dispose();
        _stop.Dispose();
    }

    /// <summary>A failure in the middle would make a measurement of something else.</summary>
    private sealed class LoudObserver : RuntimeObserver
    {
        public override void ListFailed(string kind, Exception error, TimeSpan retryIn) => Console.Error.WriteLine(error);

        public override void WatchFailed(string kind, Exception error, TimeSpan retryIn) => Console.Error.WriteLine(error);
    }
}
