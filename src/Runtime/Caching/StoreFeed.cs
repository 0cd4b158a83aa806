using Slipway.Crds.Meta;

namespace Slipway.Runtime.Caching;

/// <summary>
/// The one way into a store: every change reaches every handler, in the order in which it reached the store. Handlers
/// run on the feeding thread and are expected to do no more than to enqueue a key.
/// </summary>
internal sealed class StoreFeed<T>(RuntimeObserver observer)
    where T : class, IResource<T>
{
    private readonly Lock _order = new();
    private readonly List<Action<StoreChange<T>>> _handlers = [];
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Store<T> Store { get; } = new();

    /// <summary>Completes when the first list is in and every handler has heard of it.</summary>
    public Task Synced => _synced.Task;

    public void MarkSynced() => _synced.TrySetResult();

    public void Publish(Func<Store<T>, IReadOnlyList<StoreChange<T>>> write)
    {
        lock (_order)
        {
            foreach (var change in write(Store))
            {
                foreach (var handler in _handlers)
                {
                    Tell(handler, change);
                }
            }
        }
    }

    /// <summary>Adds a handler. It first hears of everything that is there already.</summary>
    public void Subscribe(Action<StoreChange<T>> handler)
    {
        lock (_order)
        {
            foreach (var item in Store.List())
            {
                Tell(handler, new StoreChange<T>(null, item, true));
            }

            _handlers.Add(handler);
        }
    }

    private void Tell(Action<StoreChange<T>> handler, StoreChange<T> change)
    {
        try
        {
            handler(change);
        }
        catch (Exception error)
        {
            observer.HandlerFailed(T.Type.FullName, NamespacedName.Of(change.Latest), error);
        }
    }
}
