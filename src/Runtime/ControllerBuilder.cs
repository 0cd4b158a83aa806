using Slipway.Crds.Meta;
using Slipway.Runtime.Caching;
using Slipway.Runtime.Queueing;

namespace Slipway.Runtime;

/// <summary>
/// Says which changes wake a controller, and for which key. What arrives as part of a list waits behind what happens live.
/// </summary>
public sealed class ControllerBuilder
{
    private readonly Controller _controller;

    internal ControllerBuilder(Controller controller) => _controller = controller;

    /// <summary>Wakes the controller from outside its watches.</summary>
    public IEnqueuer Queue => _controller;

    /// <summary>The kind whose keys the controller reconciles: each change wakes the object's own key.</summary>
    /// <param name="cache">Cache of the kind.</param>
    /// <param name="predicate">Which changes count, for example <see cref="Predicates.SpecOrMetadataChanged{T}"/>; null for all.</param>
    public ControllerBuilder For<T>(ICache<T> cache, Func<StoreChange<T>, bool>? predicate = null)
        where T : class, IResource<T>
    {
        _controller.AddSource(() => cache.Store.List().Select(item => NamespacedName.Of(item)));
        return Watches(cache, change => [NamespacedName.Of(change.Latest)], predicate);
    }

    /// <summary>
    /// A kind whose objects are controlled (by owner reference) by objects of kind <typeparamref name="TOwner"/>: each
    /// change wakes the owner, and when the owner changed, the former one too.
    /// </summary>
    /// <param name="cache">Cache of the owned kind.</param>
    /// <param name="predicate">Which changes count; null for all.</param>
    public ControllerBuilder Owns<TOwner, TOwned>(ICache<TOwned> cache, Func<StoreChange<TOwned>, bool>? predicate = null)
        where TOwner : class, IResource<TOwner>
        where TOwned : class, IResource<TOwned> =>
        Watches(cache, Owners.ControllerKeys<TOwner, TOwned>, predicate);

    /// <summary>Any other kind: each change wakes the keys it is mapped to.</summary>
    /// <param name="cache">Cache of the kind.</param>
    /// <param name="map">The keys that a change concerns.</param>
    /// <param name="predicate">Which changes count; null for all.</param>
    public ControllerBuilder Watches<T>(
        ICache<T> cache, Func<StoreChange<T>, IEnumerable<NamespacedName>> map, Func<StoreChange<T>, bool>? predicate = null)
        where T : class, IResource<T>
    {
        cache.OnChange(change =>
        {
            if (predicate?.Invoke(change) == false)
            {
                return;
            }

            foreach (var key in map(change))
            {
                Enqueue(key, change.Initial);
            }
        });
        return this;
    }

    private void Enqueue(NamespacedName key, bool initial) =>
        _controller.Enqueue(key, initial ? QueuePriority.Low : QueuePriority.Normal);
}
