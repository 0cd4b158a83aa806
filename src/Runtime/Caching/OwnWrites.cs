using Slipway.Crds.Meta;
using Slipway.Kubernetes;

namespace Slipway.Runtime.Caching;

/// <summary>Brings what the client writes into the caches of its kind before the write returns, so that nobody decides on the state before it.</summary>
internal sealed class OwnWrites : IWriteListener
{
    private readonly Lock _gate = new();
    private volatile IInformer[] _informers = [];

    public void Add(IInformer informer)
    {
        lock (_gate)
        {
            _informers = [.. _informers, informer];
        }
    }

    public void Written<T>(T resource)
        where T : class, IResource<T>
    {
        foreach (var informer in _informers.OfType<Informer<T>>())
        {
            informer.Observe(resource);
        }
    }

    public void Deleted<T>(NamespacedName key, string? uid)
        where T : class, IResource<T>
    {
        if (uid is null)
        {
            // It may have been another object of the name than the one that is cached.
            return;
        }

        foreach (var informer in _informers.OfType<Informer<T>>())
        {
            informer.ObserveEnd(key, uid);
        }
    }
}
