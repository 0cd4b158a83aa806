using Slipway.Crds.Meta;
using Slipway.Kubernetes;

namespace Slipway.Runtime.Caching;

/// <summary>A cache of one kind that keeps itself equal to the API server, and tells of every change.</summary>
public sealed class Informer<T> : IInformer
    where T : class, IResource<T>
{
    private readonly StoreFeed<T> _feed;
    private readonly Reflector<T> _reflector;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Informer(
        KubeClient client, InformerScope scope, ReflectorOptions options, RuntimeObserver observer, TimeProvider time, Random random)
        : this(client, scope, options, new StreamingSupport(), observer, time, random)
    {
    }

    internal Informer(
        KubeClient client,
        InformerScope scope,
        ReflectorOptions options,
        StreamingSupport streaming,
        RuntimeObserver observer,
        TimeProvider time,
        Random random)
    {
        options.Validate();
        _feed = new StoreFeed<T>(observer);
        _reflector = new Reflector<T>(client, scope, options, streaming, _feed, observer, time, random);
    }

    public IStore<T> Store => _feed.Store;

    /// <summary>Whether the first list is in and every handler has heard of it.</summary>
    public bool HasSynced => _feed.Synced.IsCompleted;

    /// <summary>What the informer knows of the API server's history, for probes.</summary>
    public ReflectorState State => _reflector.State;

    /// <summary>Adds a named index to the store, also over what is there already.</summary>
    /// <param name="name">Name for <see cref="IStore{T}.ByIndex"/>.</param>
    /// <param name="valuesOf">The values an object is found under. Must be pure.</param>
    /// <exception cref="ArgumentException">There is an index of that name.</exception>
    public void AddIndex(string name, Func<T, IEnumerable<string>> valuesOf) => _feed.Store.AddIndex(name, valuesOf);

    /// <summary>
    /// Calls the handler for every change from now on, one at a time and in order; first for everything that is there
    /// already. The handler must be quick: it holds up the watch.
    /// </summary>
    public void OnChange(Action<StoreChange<T>> handler) => _feed.Subscribe(handler);

    /// <summary>
    /// Takes in what a write of our own returned, ahead of the watch, so that nobody decides on the state before it.
    /// Anything that is not newer than the cache is ignored; an object deleted since does not come back.
    /// </summary>
    public void Observe(T written) => _feed.Publish(store => store.Observe(written));

    /// <summary>Lists and watches until cancelled. Failures are reported and retried, they never end it.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _reflector.RunAsync(cancellationToken);

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _feed.Synced.WaitAsync(cancellationToken);
}
