using Slipway.Crds.Meta;
using Slipway.Kubernetes;

namespace Slipway.Runtime.Caching;

/// <summary>A cache of one kind that keeps itself equal to the API server, and tells of every change.</summary>
public sealed class Informer<T> : IInformer, ICache<T>
    where T : class, IResource<T>
{
    private readonly StoreFeed<T> _feed;
    private readonly Reflector<T> _reflector;
    private readonly InformerScope _scope;
    private readonly LabelSelector _labels;

    /// <exception cref="ArgumentException">An option is out of range, or the scope's label selector cannot be understood.</exception>
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
        _scope = scope;
        _labels = LabelSelector.Parse(scope.LabelSelector);
        _feed = new StoreFeed<T>(observer);
        _reflector = new Reflector<T>(client, scope, options, streaming, _feed, observer, time, random);
    }

    public IStore<T> Store => _feed.Store;

    /// <summary>Whether the first list is in and every handler has heard of it.</summary>
    public bool HasSynced => _feed.Synced.IsCompleted;

    /// <summary>What the informer knows of the API server's history, for probes.</summary>
    public ReflectorState State => _reflector.State;

    /// <inheritdoc/>
    public void AddIndex(string name, Func<T, IEnumerable<string>> valuesOf) => _feed.Store.AddIndex(name, valuesOf);

    /// <inheritdoc/>
    public void OnChange(Action<StoreChange<T>> handler) => _feed.Subscribe(handler);

    /// <summary>
    /// Takes in what a write of our own returned, ahead of the watch, so that nobody decides on the state before it. A manager's
    /// informers are told of its client's writes by themselves; this is for writes made elsewhere.
    /// Anything that is not newer than the cache is ignored; an object deleted since does not come back; what the scope does not
    /// select (any more) is not there. Which fields select only the server knows: then only what is cached already is renewed.
    /// </summary>
    public void Observe(T written) => _feed.Publish(store => Selects(written)
        ? store.Observe(written, onlyKnown: !string.IsNullOrEmpty(_scope.FieldSelector))
        : store.ObserveLeave(written));

    /// <summary>Takes in, ahead of the watch, that a request of our own ended an object.</summary>
    internal void ObserveEnd(NamespacedName key, string uid)
    {
        if (Selects(key.Namespace))
        {
            _feed.Publish(store => store.ObserveEnd(key, uid));
        }
    }

    /// <summary>Lists and watches until cancelled. Failures are reported and retried, they never end it.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _reflector.RunAsync(cancellationToken);

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _feed.Synced.WaitAsync(cancellationToken);

    private bool Selects(T item) => Selects(item.Metadata.Namespace) && _labels.Matches(item.Metadata.Labels);

    private bool Selects(string? @namespace) => string.IsNullOrEmpty(_scope.Namespace) || @namespace == _scope.Namespace;
}
